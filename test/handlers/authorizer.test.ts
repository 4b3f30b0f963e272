import { describe, expect, it } from 'vitest';
import { tokenAuthorizer } from '../../lambdas/authorizer/token-authorizer.ts';
import { contextOf, principalOf } from '../../lambdas/http/authorizer-context.ts';
import { BEARER_HEADER, KEY_MEMORY, KEY_MEMORY_SECONDS_MAX, TOKEN_MAX } from '../../lib/config/authorizer.ts';
import { planKey } from '../../lib/config/tiers.ts';
import type { Principal, Tier } from '../../lib/domain/access.ts';

const tenantOf = (tier: Tier): Principal => ({
  kind: 'tenant',
  tenantId: 'acme',
  keyId: 'key.61636d65.0',
  scopes: ['read', 'admin'],
  tier,
});

const METHOD = 'arn:aws:execute-api:eu-west-1:123456789012:abc/live/POST/v1/reservations';

function createAuthorizer(authenticate: (token: string) => Promise<Principal | undefined>) {
  const logged: string[] = [];
  const logger = { info: () => {}, error: (message: { code: string }) => logged.push(message.code) };
  const authorize = tokenAuthorizer({ authenticate, stage: 'dev', logger });
  const ask = (authorizationToken: string) =>
    authorize({ type: 'TOKEN', authorizationToken, methodArn: METHOD });
  return { ask, authorize, logged };
}

describe('a good key', () => {
  const { ask } = createAuthorizer(async (token) => (token === 'good' ? tenantOf('premium') : undefined));

  it('may call every method of this API and stage, because the gateway remembers the answer for all of them', async () => {
    expect((await ask('Bearer good')).policyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'execute-api:Invoke',
          Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc/live/*',
        },
      ],
    });
  });

  it('tells the functions whose it is, in text alone', async () => {
    const { context, principalId } = await ask('bearer   good ');
    expect(principalId).toBe('key.61636d65.0');
    for (const value of Object.values(context ?? {})) expect(value).toBeTypeOf('string');
    const asTheGatewaySendsIt = { ...context, principalId, integrationLatency: '12' };
    expect(principalOf(asTheGatewaySendsIt)).toEqual(tenantOf('premium'));
  });

  it.each([
    ...(['free', 'standard', 'premium', 'unlimited'] as const).map((tier) => [tier, tenantOf(tier)] as const),
    ['unlimited', { kind: 'operator', keyId: 'key-0' } as const] as const,
  ])('counts for the usage plan %s: case %#', async (plan, principal) => {
    const answer = await createAuthorizer(async () => principal).ask('Bearer x');
    expect(answer.usageIdentifierKey).toBe(planKey('dev', plan));
  });
});

describe('no good key', () => {
  it.each([
    'Bearer nobody',
    'Bearer',
    'Bearer ',
    'Basic good',
    'good',
    'Bearer good read',
    'Bearer "good"',
    '',
  ])(
    '"%s" is refused by the word that the gateway makes 401 of, and remembers nothing for',
    async (header) => {
      const { ask, logged } = createAuthorizer(async (token) =>
        token === 'good' ? tenantOf('free') : undefined,
      );
      await expect(ask(header)).rejects.toThrow(/^Unauthorized$/);
      expect(logged).toEqual([]);
    },
  );

  it.each(['x'.repeat(TOKEN_MAX + 1), `${'x'.repeat(TOKEN_MAX)}=`])(
    'is not looked up when it is too long: case %#',
    async (token) => {
      const asked: string[] = [];
      const { ask } = createAuthorizer(async (found) => void asked.push(found));
      await expect(ask(`Bearer ${token}`)).rejects.toThrow(/^Unauthorized$/);
      expect(asked).toEqual([]);
    },
  );
});

describe('what is not a refusal', () => {
  it('fails with its own error when the database is away, so that nobody takes it for 401', async () => {
    const { ask, logged } = createAuthorizer(() => Promise.reject(new Error('The database is away.')));
    await expect(ask('Bearer good')).rejects.toThrow('The database is away.');
    expect(logged).toEqual(['KEY_NOT_LOOKED_UP']);
  });

  it.each([
    {},
    { type: 'REQUEST', methodArn: METHOD },
    { type: 'TOKEN', authorizationToken: 'x', methodArn: 'x' },
  ])('is an event that the gateway never sends: %j', async (event) => {
    const { authorize } = createAuthorizer(async () => tenantOf('free'));
    await expect(authorize(event)).rejects.not.toThrow(/^Unauthorized$/);
  });
});

describe('what the functions are told', () => {
  it('comes back as it was, without scopes too', () => {
    const principals: Principal[] = [
      { kind: 'operator', keyId: 'key-0' },
      { ...tenantOf('free'), scopes: ['write'] } as Principal,
    ];
    for (const principal of principals) expect(principalOf(contextOf(principal))).toEqual(principal);
  });

  it.each([
    undefined,
    null,
    {},
    { principalId: 'key-1' },
    { kind: 'tenant', tenantId: 'acme', keyId: 'key-1', scopes: 'read' },
    { kind: 'tenant', tenantId: '', keyId: 'key-1', scopes: 'read', tier: 'free' },
    { kind: 'tenant', tenantId: 'acme', keyId: 'key-1', scopes: 'read,write', tier: 'free' },
    { kind: 'tenant', tenantId: 'acme', keyId: 'key-1', scopes: 'read', tier: 'gold' },
    { kind: 'somebody', keyId: 'key-1' },
  ])('is never guessed: %j', (context) => {
    expect(() => principalOf(context)).toThrow('lacks its authorizer');
  });
});

describe('a key that was revoked', () => {
  it('is believed for half a minute at most by gateway and authorizer together', () => {
    const { gatewaySeconds, authorizerSeconds } = KEY_MEMORY;
    expect(KEY_MEMORY_SECONDS_MAX).toBeLessThanOrEqual(30);
    expect(gatewaySeconds + authorizerSeconds).toBeLessThanOrEqual(KEY_MEMORY_SECONDS_MAX);
    // The gateway takes 0 for "never", and a fraction for nothing at all.
    expect(Number.isInteger(gatewaySeconds) && gatewaySeconds > 0).toBe(true);
  });
});

describe('what the gateway lets through to the authorizer', () => {
  it('is written so that every engine for regular expressions reads it alike', () => {
    expect(BEARER_HEADER).toMatch(/^\^.*\$$/);
    expect(BEARER_HEADER).not.toMatch(/\(\?|\\/);
  });
});
