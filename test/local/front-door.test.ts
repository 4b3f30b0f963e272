import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { StackClock } from '../../lib/local/clock.ts';
import type { Outcome } from '../../lib/local/environments/environment.ts';
import { FrontDoor } from '../../lib/local/gateway/front-door.ts';
import { PlanThrottles } from '../../lib/local/gateway/plan-throttle.ts';
import type { ApiDefinition, ApiRoute } from '../../lib/local/template/rest-api.ts';
import type { GatewayKey } from '../../lib/local/template/usage-plans.ts';

const STAGE_ARN = 'arn:aws:execute-api:us-east-1:000000000000:api/live';
const TTL_SECONDS = 15;

const ROUTE = {
  resource: '/v1/things',
  method: 'GET',
  needsKey: true,
  authorizer: {
    id: 'Asks',
    header: 'authorization',
    validation: /^(?:Bearer .+)$/,
    ttlSeconds: TTL_SECONDS,
    target: { name: 'authorizer' },
  },
} as unknown as ApiRoute;

const KEY: GatewayKey = { id: 'Key', value: 'plan-key', throttle: { requestsPerSecond: 10, burst: 3 } };

const policy = (Effect: 'Allow' | 'Deny', Resource: string | string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }],
});

const GOOD = {
  principalId: 'key-1',
  policyDocument: policy('Allow', `${STAGE_ARN}/*`),
  context: { tenantId: 'acme', level: 3, isGood: true },
  usageIdentifierKey: 'plan-key',
};

const result = (value: unknown): Outcome => ({ kind: 'result', value });
const thrown = (errorMessage: string): Outcome => ({
  kind: 'failed',
  error: { errorType: 'Error', errorMessage, trace: '' },
});

/** A front door whose authorizer answers so, with the clock and what the authorizer was asked. */
function open(outcome: Outcome = result(GOOD)) {
  const clock = new StackClock();
  const asked: unknown[] = [];
  const answer = { outcome };
  const api = { stageArn: STAGE_ARN, keys: new Map([[KEY.value, KEY]]) } as unknown as ApiDefinition;
  const ask = async (_target: unknown, event: object) => {
    asked.push(event);
    return answer.outcome;
  };
  const door = new FrontDoor({ api, clock, ask });
  const enter = (
    headers: readonly string[] = ['Authorization', 'Bearer a'],
    route: Partial<ApiRoute> = {},
  ) => {
    const incoming = { method: 'GET', rawHeaders: headers } as unknown as IncomingMessage;
    return door.admit({ incoming, path: '/v1/things', route: { ...ROUTE, ...route } });
  };
  return { clock, asked, answer, enter };
}

describe('an authorizer', () => {
  it('is asked with the token and the method, and what it says is handed on as text', async () => {
    const { asked, enter } = open();
    expect(await enter()).toEqual({
      authorizer: { principalId: 'key-1', tenantId: 'acme', level: '3', isGood: 'true' },
      key: KEY,
    });
    expect(asked).toEqual([
      { type: 'TOKEN', authorizationToken: 'Bearer a', methodArn: `${STAGE_ARN}/GET/v1/things` },
    ]);
  });

  it('is asked once for a token until its time is over, and again after that', async () => {
    const { clock, asked, enter } = open();
    await enter();
    await enter();
    clock.advance(TTL_SECONDS * 1_000 - 500);
    await enter();
    expect(asked).toHaveLength(1);
    await enter(['Authorization', 'Bearer b']);
    expect(asked).toHaveLength(2);
    clock.advance(501);
    await enter();
    expect(asked).toHaveLength(3);
  });

  it('is not asked for a token that does not look like one, or for none', async () => {
    const { asked, enter } = open();
    for (const headers of [[], ['Authorization', ''], ['Authorization', 'Basic a'], ['X-Key', 'Bearer a']]) {
      expect(await enter(headers)).toBe('UNAUTHORIZED');
    }
    expect(asked).toEqual([]);
  });

  it('is given the last of several tokens', async () => {
    const { asked, enter } = open();
    await enter(['authorization', 'Bearer a', 'X', 'y', 'Authorization', 'Bearer b']);
    expect(asked).toMatchObject([{ authorizationToken: 'Bearer b' }]);
  });

  it('is not asked where the route has none', async () => {
    const { asked, enter } = open();
    expect(await enter([], { authorizer: undefined, needsKey: false })).toEqual({
      authorizer: null,
      key: undefined,
    });
    expect(asked).toEqual([]);
  });

  it('refuses by its word, and that is not remembered: a key that is made then works at once', async () => {
    const { answer, enter } = open(thrown('Unauthorized'));
    expect(await enter()).toBe('UNAUTHORIZED');
    answer.outcome = result(GOOD);
    expect(await enter()).toMatchObject({ key: KEY });
  });

  it.each<Outcome>([
    thrown('unauthorized'),
    thrown('The database is away.'),
    { kind: 'crashed' },
    { kind: 'timedOut' },
    { kind: 'throttled' },
  ])('that fails has not refused, and is asked again: case %#', async (outcome) => {
    const { asked, enter } = open(outcome);
    expect(await enter()).toBe('AUTHORIZER_FAILURE');
    await enter();
    expect(asked).toHaveLength(2);
  });

  it.each([
    undefined,
    {},
    { ...GOOD, principalId: undefined },
    { ...GOOD, context: { list: ['a'] } },
    { ...GOOD, context: { nested: {} } },
    { ...GOOD, policyDocument: { Statement: [{ Effect: 'Allow', NotAction: 'x', Resource: '*' }] } },
    { ...GOOD, policyDocument: { Statement: [{ ...GOOD.policyDocument.Statement[0], Condition: {} }] } },
  ])('that answers something else is a mistake of ours: case %#', async (value) => {
    expect(await open(result(value)).enter()).toBe('AUTHORIZER_CONFIGURATION_ERROR');
  });

  it.each([
    [policy('Allow', `${STAGE_ARN}/POST/*`), 'ACCESS_DENIED'],
    [policy('Allow', `${STAGE_ARN}/GET/v1/thing`), 'ACCESS_DENIED'],
    [policy('Deny', '*'), 'ACCESS_DENIED'],
    [{ Statement: [] }, 'ACCESS_DENIED'],
    [
      { Statement: [...policy('Allow', '*').Statement, ...policy('Deny', `${STAGE_ARN}/GET/*`).Statement] },
      'ACCESS_DENIED',
    ],
    [policy('Allow', ['other', `${STAGE_ARN}/G?T/v1/*`]), undefined],
  ])('lets through what its policy allows: case %#', async (policyDocument, refusal) => {
    const passage = await open(result({ ...GOOD, policyDocument })).enter();
    expect(typeof passage === 'string' ? passage : undefined).toBe(refusal);
  });
});

describe('a usage plan', () => {
  it.each([undefined, 'another-key'])(
    'must have the key that the authorizer names: %s',
    async (usageIdentifierKey) => {
      expect(await open(result({ ...GOOD, usageIdentifierKey })).enter()).toBe('INVALID_API_KEY');
    },
  );

  it('is not asked for where the route needs no key', async () => {
    const { enter } = open(result({ ...GOOD, usageIdentifierKey: undefined }));
    expect(await enter(undefined, { needsKey: false })).toMatchObject({ key: undefined });
  });

  it('lets its burst through for all tokens together, and after that its rate', async () => {
    const throttles = new PlanThrottles();
    const take = (atMs: number) => throttles.take(KEY, atMs);
    expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false]);
    expect([take(99), take(101), take(102)]).toEqual([false, true, false]);
    // An hour later there is a burst again, and no more.
    expect([1, 2, 3, 4].map(() => take(3_600_000))).toEqual([true, true, true, false]);
    expect(throttles.take({ ...KEY, id: 'Other', throttle: undefined }, 0)).toBe(true);
  });

  it('answers by the clock of the stack', async () => {
    const { clock, enter } = open();
    const tokens = ['a', 'b', 'c', 'd'];
    const entered = [];
    for (const token of tokens) entered.push(await enter(['Authorization', `Bearer ${token}`]));
    expect(entered.map((passage) => passage === 'THROTTLED')).toEqual([false, false, false, true]);
    clock.advance(1_000);
    expect(await enter()).toMatchObject({ key: KEY });
  });
});
