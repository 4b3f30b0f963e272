import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EnvironmentBudget } from '../../lib/local/environments/environment-budget.ts';
import { tinyFunction } from './fixtures/tiny-function.ts';

const CODE = `
  import { readFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  let served = 0;
  let ticks = 0;
  setInterval(() => { ticks += 1; }, 1);
  export const handler = async (event, context) => {
    served += 1;
    if (event.do === 'throw') throw new RangeError('as asked for');
    if (event.do === 'spin') for (;;);
    if (event.do === 'hang') await new Promise(() => undefined);
    if (event.do === 'exit') process.exit(0);
    if (event.do === 'reject') { Promise.reject(new Error('nobody caught this')); await sleep(1_000); }
    if (event.do === 'eat') { const all = []; for (;;) all.push(new Array(1e6).fill(Math.random())); }
    if (event.do === 'leave') { sleep(20).then(() => { served = 1_000; }); return 'left'; }
    if (event.do === 'function') return { call: () => 1, kept: true };
    if (event.do === 'log') for (const line of event.lines) process.stdout.write(line + '\\n');
    if (event.sleepMs) await sleep(event.sleepMs);
    return {
      served, ticks, event, environment: { ...process.env },
      id: context.awsRequestId, remaining: context.getRemainingTimeInMillis(), context: { ...context, getRemainingTimeInMillis: undefined },
      now: Date.now(), fresh: new Date().getTime(), text: Date().slice(0, 15), isDate: new Date(0) instanceof Date,
      given: new Date(86_400_000).toISOString(), copied: structuredClone(new Date()) instanceof Date,
    };
  };
`;

let tiny: ReturnType<typeof tinyFunction> | undefined;
const start = (...parameters: Parameters<typeof tinyFunction>) => {
  tiny = tinyFunction(...parameters);
  return tiny;
};
afterEach(() => tiny?.dispose());

/** What the function returned. */
async function value(outcome: Promise<unknown>): Promise<Record<string, never>> {
  const settled = (await outcome) as { kind: string; value: Record<string, never> };
  expect(settled.kind).toBe('result');
  return settled.value;
}
const invoke = (pool: ReturnType<ReturnType<typeof tinyFunction>['pool']>, event: object = {}) =>
  pool.invoke({ event, operation: 'test' });

describe('an environment', () => {
  it('is reused, and stands still between invocations', async () => {
    const { pool, environmentsStarted } = start(CODE);
    const one = pool();
    const first = await value(invoke(one));
    await sleep(100);
    const second = await value(invoke(one));
    expect([first['served'], second['served']]).toEqual([1, 2]);
    expect(Number(second['ticks']) - Number(first['ticks'])).toBeLessThan(20);
    expect(environmentsStarted()).toBe(1);
  });

  it('does not finish between invocations what an invocation left behind', async () => {
    const { pool } = start(CODE);
    const one = pool();
    await invoke(one, { do: 'leave' });
    await sleep(100);
    expect((await value(invoke(one)))['served']).toBe(2);
  });

  it('has the variables of the template and of Lambda, and none of this machine', async () => {
    const { pool } = start(CODE, { logLevel: 'INFO' });
    const { environment } = await value(invoke(pool()));
    expect(environment).toEqual({
      COLOUR: 'blue',
      _HANDLER: 'index.handler',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA[0-9A-F]{16}$/),
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1/e/x',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'tiny',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tiny',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^[0-9a-f-]{36}$/),
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: expect.stringContaining('holdfast-function-'),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
    });
  });

  it('gets the context of an invocation', async () => {
    const { pool } = start(CODE);
    const seen = await value(invoke(pool()));
    expect(seen['context']).toMatchObject({
      functionName: 'tiny',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:tiny',
      memoryLimitInMB: '256',
    });
    expect(seen['remaining']).toBeGreaterThan(1_500);
    expect(seen['remaining']).toBeLessThanOrEqual(2_000);
  });

  it('sees the clock of the stack, which leaves its deadline alone', async () => {
    const { pool, clock } = start(CODE);
    const one = pool();
    await invoke(one);
    const DAY_MS = 86_400_000;
    clock.advance(1_000 * DAY_MS);
    const before = Date.now() + 1_000 * DAY_MS;
    const seen = await value(invoke(one));
    expect(Math.abs(Number(seen['now']) - before)).toBeLessThan(2_000);
    expect(Math.abs(Number(seen['fresh']) - before)).toBeLessThan(2_000);
    expect(seen['text']).toBe(new Date(before).toString().slice(0, 15));
    expect(seen).toMatchObject({ isDate: true, copied: true, given: '1970-01-02T00:00:00.000Z' });
    expect(seen['remaining']).toBeGreaterThan(1_500);
  });

  it('returns what JSON can carry', async () => {
    const { pool } = start(CODE);
    expect(await value(invoke(pool(), { do: 'function' }))).toEqual({ kept: true });
  });

  it('passes on warnings, errors and plain text of stderr only', async () => {
    const { pool, output } = start(`${CODE}; process.stderr.write('plain\\n'); console.log('chatter');`);
    const lines = [
      '{"level":"INFO","message":"a"}',
      '{"level":"WARN","message":"b"}',
      '{"level":"error"}',
      '{"WARN"',
    ];
    await invoke(pool(), { do: 'log', lines: [...lines, 'text'] });
    expect(output).toEqual(['plain', '{"level":"WARN","message":"b"}', '{"level":"error"}']);
  });
});

describe('a function that goes wrong', () => {
  it.each([
    ['throws', 'throw', { kind: 'failed', error: { errorType: 'RangeError', errorMessage: 'as asked for' } }],
    ['ends its process', 'exit', { kind: 'crashed' }],
    ['leaves a rejection to nobody', 'reject', { kind: 'crashed' }],
    ['takes all memory', 'eat', { kind: 'crashed' }],
    ['never answers', 'hang', { kind: 'timedOut' }],
    ['never yields', 'spin', { kind: 'timedOut' }],
  ])('%s: the invocation has its outcome and the next one is served', async (_, what, outcome) => {
    const { pool } = start(CODE, { timeoutSeconds: what === 'eat' ? 20 : 1 });
    const one = pool();
    expect(await invoke(one, { do: what })).toMatchObject(outcome);
    expect((await value(invoke(one)))['served']).toBe(what === 'throw' ? 2 : 1);
    expect(one.counts).toMatchObject({ environments: 1, busy: 0, waiting: 0 });
  });

  it('cannot be loaded: every invocation fails with the reason', async () => {
    const { pool, environmentsStarted } = start('throw new Error("not today");');
    const one = pool();
    const outcomes = await Promise.all([invoke(one), invoke(one), invoke(one)]);
    expect(outcomes).toMatchObject(Array(3).fill({ kind: 'failed', error: { errorMessage: 'not today' } }));
    expect(environmentsStarted()).toBe(3);
    expect(one.counts).toMatchObject({ environments: 0, waiting: 0 });
  });

  it('exports no handler', async () => {
    const { pool } = start('export const other = 1;');
    expect(await invoke(pool())).toMatchObject({
      kind: 'failed',
      error: { errorMessage: expect.stringContaining('exports no handler') },
    });
  });
});

describe('a pool', () => {
  it('grows to its maximum and shares the rest out', async () => {
    const { pool, environmentsStarted } = start(CODE);
    const one = pool();
    const outcomes = Array.from({ length: 12 }, () => value(invoke(one, { sleepMs: 50 })));
    const answers = await Promise.all(outcomes);
    expect(environmentsStarted()).toBe(4);
    expect(Math.max(...answers.map(({ served }) => Number(served)))).toBeGreaterThan(1);
  });

  it('serves what waits in the order in which it came', async () => {
    const { pool } = start(CODE, { reservedConcurrency: 1 });
    const one = pool();
    const served: number[] = [];
    const outcomes = Array.from({ length: 6 }, async (_, index) => {
      await value(invoke(one));
      served.push(index);
    });
    await Promise.all(outcomes);
    expect(served).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps to the reserved concurrency', async () => {
    const { pool, environmentsStarted } = start(CODE, { reservedConcurrency: 1 });
    const one = pool();
    await Promise.all([invoke(one), invoke(one), invoke(one)]);
    expect(environmentsStarted()).toBe(1);
  });

  it('kills what runs when it crashes; what waits gets a new environment', async () => {
    const { pool, environmentsStarted } = start(CODE, { reservedConcurrency: 1 });
    const one = pool();
    await invoke(one);
    const running = invoke(one, { do: 'hang' });
    const waiting = invoke(one);
    await one.crash();
    expect(await running).toEqual({ kind: 'crashed' });
    expect((await value(waiting))['served']).toBe(1);
    expect(environmentsStarted()).toBe(2);
  });

  it('gives up what waits when it closes, and can be used again', async () => {
    const { pool } = start(CODE, { reservedConcurrency: 1 });
    const one = pool();
    const outcomes = [invoke(one, { do: 'hang' }), invoke(one)];
    await one.close();
    expect(await Promise.all(outcomes)).toEqual([{ kind: 'crashed' }, { kind: 'crashed' }]);
    expect((await value(invoke(one)))['served']).toBe(1);
  });

  it('shares the budget: takes the place of an idle environment, or waits for a busy one', async () => {
    const { pool } = start(CODE);
    const budget = new EnvironmentBudget(1);
    const [first, second] = [pool(budget), pool(budget)];
    await invoke(first);
    await value(invoke(second));
    expect([first.counts.environments, second.counts.environments]).toEqual([0, 1]);
    const busy = invoke(second, { sleepMs: 100 });
    const starved = invoke(first);
    expect(first.counts.environments).toBe(0);
    await busy;
    await value(starved);
    expect([first.counts.environments, second.counts.environments]).toEqual([1, 0]);
  });

  it('replaces an environment after some thousands of invocations', async () => {
    const { pool, environmentsStarted } = start(CODE, { reservedConcurrency: 1 });
    const one = pool();
    for (let index = 0; index < 5_000; index++) await invoke(one);
    expect(environmentsStarted()).toBe(1);
    expect((await value(invoke(one)))['served']).toBe(1);
    expect(environmentsStarted()).toBe(2);
  });
});
