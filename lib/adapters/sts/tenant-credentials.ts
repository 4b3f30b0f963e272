/** Credentials that reach the records of one tenant and of nobody else. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Clock, StoreUnavailableError } from '../../application/ports.ts';
import { sessionPolicy, type TenantSession } from '../../config/access-policies.ts';

/** The shortest session that STS gives. */
const SESSION_SECONDS = 900;

/** The SDK asks for new credentials five minutes before the old ones end; so does this, and not sooner. */
const REMEMBERED_MS = 600_000;

/** Tenants remembered in one environment; the oldest is forgotten first. */
const TENANTS_MAX = 100;

/** STS answers within a tenth of a second. Two attempts end long before the caller has given up. */
const REQUEST_TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 2;

/** Characters of a session's name, which the audit trail of AWS shows, and those it may not have. */
const NAME_MAX = 64;
const NOT_IN_NAMES = /[^\w+=,.@-]/g;

/** What the SDK signs with. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface TenantCredentialsSettings extends Omit<TenantSession, 'tenantId'> {
  /** Asked in the region itself: another one may be out of reach. */
  readonly region: string;
  readonly clock: Clock;
  /** Who asks, for the audit trail. */
  readonly askedBy: string;
  /** @default 2000 */
  readonly timeoutMs?: number;
}

/** Gives the credentials of a tenant, new ones when the old ones will end soon. */
export type TenantCredentials = (tenantId: string) => Promise<SessionCredentials>;

function createClient({ region, timeoutMs = REQUEST_TIMEOUT_MS }: TenantCredentialsSettings): STSClient {
  return new STSClient({
    region,
    maxAttempts: ATTEMPTS_MAX,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: timeoutMs / 2,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
  });
}

/** A refusal means that a permission is missing: a broken deployment, which is told as it is. */
const isRefusal = (error: unknown): boolean => {
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } })?.$metadata
    ?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
};

async function assume(
  client: STSClient,
  settings: TenantCredentialsSettings,
  tenantId: string,
): Promise<SessionCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: settings.roleArn,
    RoleSessionName: `${settings.askedBy}-${tenantId}`.replaceAll(NOT_IN_NAMES, '-').slice(0, NAME_MAX),
    Policy: sessionPolicy({ ...settings, tenantId }),
    DurationSeconds: SESSION_SECONDS,
  });
  const { Credentials } = await client.send(command).catch((cause: unknown) => {
    if (isRefusal(cause)) throw cause;
    throw new StoreUnavailableError('STS gave no credentials', { cause, effect: 'none' });
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error('STS answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/**
 * Makes the function that gives the credentials of tenants: one call of STS for each tenant, environment and ten
 * minutes, with one in flight. Failures are not remembered.
 */
export function createTenantCredentials(settings: TenantCredentialsSettings): TenantCredentials {
  const client = createClient(settings);
  const remembered = new Map<
    string,
    { readonly askedAtMs: number; readonly credentials: Promise<SessionCredentials> }
  >();
  return (tenantId) => {
    const nowMs = settings.clock.now();
    const known = remembered.get(tenantId);
    if (known !== undefined && nowMs - known.askedAtMs < REMEMBERED_MS) return known.credentials;
    remembered.delete(tenantId);
    const credentials = assume(client, settings, tenantId);
    remembered.set(tenantId, { askedAtMs: nowMs, credentials });
    credentials.catch(() => remembered.delete(tenantId));
    const [oldest] = remembered.keys();
    if (remembered.size > TENANTS_MAX && oldest !== undefined) remembered.delete(oldest);
    return credentials;
  };
}
