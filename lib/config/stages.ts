import * as z from 'zod';
import { regionName } from './environment.ts';

/** What differs between stages. */
interface StageSettings {
  /**
   * Guards the table against mistakes: point-in-time recovery and deletion protection in every replica, the
   * table and the logs stay when their stack is deleted, and the stacks refuse to be deleted at all.
   */
  readonly protectData: boolean;
  /**
   * How long one call to the database may take. DynamoDB answers in single-digit milliseconds, so after two
   * seconds a request is lost; DynamoDB Local shares two cores with everything else and may need longer.
   */
  readonly databaseTimeoutMs: number;
  /**
   * For how many runs of its worker a message stays hidden from the others. AWS advises six, so that throttled runs
   * find it hidden still. On one machine workers are killed on purpose, and tests wait until their messages show again.
   */
  readonly runsWhileHidden: 1 | 6;
  readonly logLevel: 'DEBUG' | 'INFO';
  /** One of the periods that CloudWatch Logs knows. */
  readonly logRetentionDays: 7 | 90;
  /** Lets Lambda and API Gateway sample traces. The functions carry no tracer SDK, so a trace ends at them. */
  readonly tracing: boolean;
  /**
   * Logs one line per request at the gateway, for the requests that reach no function. It sets a role on the
   * gateway of the whole account and region, so stages that share an account leave it off.
   */
  readonly accessLog: boolean;
  /** A web firewall in front of the gateway. It costs some ten dollars a month in each region, and a part of each request. */
  readonly firewall: boolean;
  /** How long the bus keeps events, so that a partner who lost some can be shown them again. */
  readonly eventArchiveDays: number;
  /** What becomes of the files of the analytics log. */
  readonly changeLog: ChangeLogLifecycle;
  /** Where webhooks may point. A deployed function must never be made to call what only it can reach. */
  readonly webhookTargets: 'public' | 'loopback';
}

interface ChangeLogLifecycle {
  /** When files move to cheaper storage. S3 takes none younger than 30 days. @default never */
  readonly infrequentAfterDays?: number;
  /** @default never: the ledger since the beginning is in them */
  readonly expireAfterDays?: number;
}

/** One installation of Holdfast: a stage in an ordered list of regions. */
export interface Deployment {
  readonly stage: string;
  /** The first owns the global table, the others hold replicas of it. */
  readonly regions: readonly [string, ...string[]];
  /** Absent when the CDK runs without credentials: the account is then a parameter of the templates. */
  readonly account: string | undefined;
  /** Physical name, the same in every region: a stack that did not create the table finds it by this name. */
  readonly tableName: string;
  /** Physical name of each region's table of the read model. */
  readonly readTableName: string;
  readonly settings: StageSettings;
}

/** The context of the CDK app is not what it must be; the message says what to type instead. */
export class InvalidContext extends Error {
  override readonly name = 'InvalidContext';
}

const DEFAULT_STAGE = 'dev';
const DEFAULT_REGION = 'us-east-1';

/** DynamoDB has no bound of its own. More replicas than this multiply the cost of every write for little gain. */
const REGIONS_MAX = 10;

const PRODUCTION: StageSettings = {
  protectData: true,
  databaseTimeoutMs: 2000,
  runsWhileHidden: 6,
  logLevel: 'INFO',
  logRetentionDays: 90,
  tracing: false,
  accessLog: true,
  firewall: true,
  eventArchiveDays: 90,
  changeLog: { infrequentAfterDays: 30 },
  webhookTargets: 'public',
};

/**
 * Stages whose data may be lost. Their table goes with their stack, because its name is fixed: one that stayed
 * would block the next deployment.
 */
const DISPOSABLE: StageSettings = {
  protectData: false,
  databaseTimeoutMs: 2000,
  runsWhileHidden: 6,
  logLevel: 'INFO',
  logRetentionDays: 7,
  tracing: false,
  accessLog: false,
  firewall: true,
  eventArchiveDays: 7,
  changeLog: { expireAfterDays: 7 },
  webhookTargets: 'public',
};

/** A stage that nobody listed gets the values of production: forgetting to list one must not cost its data. */
const SETTINGS: ReadonlyMap<string, StageSettings> = new Map([
  [
    'local',
    {
      ...DISPOSABLE,
      databaseTimeoutMs: 8000,
      runsWhileHidden: 1,
      firewall: false,
      webhookTargets: 'loopback',
    },
  ],
  [DEFAULT_STAGE, { ...DISPOSABLE, logLevel: 'DEBUG' }],
]);

const contextSchema = z.object({
  stage: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9-]{0,19}$/,
      'use up to 20 letters, digits and hyphens, a letter first: -c stage=prod',
    )
    .default(DEFAULT_STAGE),
  regions: z
    .string('separate the regions with commas: -c regions=us-east-1,eu-west-1')
    .transform((list) => list.split(',').map((region) => region.trim()))
    .pipe(
      z
        .tuple([regionName], regionName)
        .refine((regions) => new Set(regions).size === regions.length, 'name each region once')
        .refine((regions) => regions.length <= REGIONS_MAX, `name at most ${REGIONS_MAX} regions`),
    ),
});

/**
 * Reads the context of the CDK app.
 *
 * @param context the values of `-c stage=…` and `-c regions=…`, undefined where not given.
 * @param defaults account and region of the caller's credentials.
 * @throws InvalidContext that names every value that is wrong.
 */
export function parseDeployment(
  context: { readonly stage?: unknown; readonly regions?: unknown },
  defaults: { readonly account?: string | undefined; readonly region?: string | undefined },
): Deployment {
  const parsed = contextSchema.safeParse({
    stage: context.stage,
    regions: context.regions ?? defaults.region ?? DEFAULT_REGION,
  });
  if (!parsed.success) {
    throw new InvalidContext(`The context of the CDK app is wrong.\n${z.prettifyError(parsed.error)}`);
  }
  const { stage, regions } = parsed.data;
  return {
    stage,
    regions,
    account: defaults.account,
    tableName: `holdfast-${stage}`,
    readTableName: `holdfast-${stage}-read`,
    settings: SETTINGS.get(stage) ?? PRODUCTION,
  };
}
