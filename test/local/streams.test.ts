import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callDatabase } from '../../lib/local/database/database-client.ts';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE } from './fixtures/fixture-stack.ts';
import { clientOf, type Json } from './fixtures/stack-client.ts';

const [US, EU] = ['us-east-1', 'eu-west-1'];

let stack: EmbeddedStack;
let client: ReturnType<typeof clientOf>;
const output: string[] = [];

beforeAll(async () => {
  const onOutput = (line: string) => output.push(line);
  stack = await startEmbeddedStack({ ...FIXTURE, regions: [US, EU], port: 0, controlPort: 0, onOutput });
  client = clientOf(stack);
});
afterAll(() => stack?.stop());
afterEach(async () => {
  for (const path of [`${US}/${EU}`, `${EU}/${US}`]) {
    await client.control(`POST /replication/${path}`, { paused: false, delayMs: 5 });
  }
  for (const region of [US, EU]) await client.control(`POST /regions/${region}/start`);
});

/** Straight to a region's database, whether the region runs or not. */
const database = (region: number, operation: string, input: object) =>
  callDatabase<Json>(stack.regions[region]?.databaseEndpoint ?? '', operation, {
    TableName: 'fixture',
    ...input,
  });
const put = (sk: string, rest: object = {}, region = 0) =>
  database(region, 'PutItem', { Item: { pk: { S: 'item' }, sk: { S: sk }, ...rest } });
const watch = (sk: string, rest: object = {}) => put(sk, { watched: { BOOL: true }, ...rest });
const get = async (pk: string, sk: string, region = 0) =>
  (await database(region, 'GetItem', { Key: { pk: { S: pk }, sk: { S: sk } } })).Item;
/** What the consumer of a region has noted of an item. */
const seen = async (sk: string, region = 0) => {
  const item = await get(`seen-${[US, EU][region]}`, sk, region);
  return item === undefined ? undefined : { tries: Number(item.tries.N), event: JSON.parse(item.event.S) };
};
const triesOf = async (sk: string, region = 0) => (await seen(sk, region))?.tries ?? 0;
const until = async (holds: () => Promise<boolean>) => {
  for (let attempt = 0; attempt < 200 && !(await holds()); attempt++) await sleep(25);
  expect(await holds()).toBe(true);
};
const quiesce = async (timeoutMs = 10_000) => client.control('POST /quiesce', { timeoutMs });

describe('a function with a stream', () => {
  it("gets its region's writes, and those that replication brings", async () => {
    await watch('told');
    await put('not told');
    expect((await quiesce()).status).toBe(200);
    const [home, away] = [await seen('told', 0), await seen('told', 1)];
    for (const [region, one] of [
      [US, home],
      [EU, away],
    ] as const) {
      expect(one).toMatchObject({
        tries: 1,
        event: {
          eventName: 'INSERT',
          awsRegion: region,
          eventSourceARN: `arn:aws:dynamodb:${region}:000000000000:table/fixture/stream/2020-01-01T00:00:00.000`,
          dynamodb: { NewImage: { sk: { S: 'told' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        },
      });
    }
    expect(await triesOf('not told')).toBe(0);
  });

  it('gets again what it says has failed, and what came after it', async () => {
    await database(0, 'TransactWriteItems', {
      TransactItems: ['x-1', 'x-2', 'x-3'].map((sk) => ({
        Put: {
          TableName: 'fixture',
          Item: {
            pk: { S: 'item' },
            sk: { S: sk },
            watched: { BOOL: true },
            ...(sk === 'x-2' && { fails: { BOOL: true } }),
          },
        },
      })),
    });
    expect((await quiesce()).status).toBe(200);
    expect(await triesOf('x-2')).toBe(2);
    expect(await triesOf('x-3')).toBe(1);
  });

  it('gets again what it had in hand when it crashed', async () => {
    await watch('held', { hangs: { S: US } });
    await until(async () => (await triesOf('held')) === 1);
    await client.control(`POST /regions/${US}/crash`);
    await until(async () => (await triesOf('held')) === 2);
    expect((await quiesce()).status).toBe(200);
  });

  it('gets nothing while its region is stopped, and goes on afterwards', async () => {
    await watch('before', { hangs: { S: EU } });
    await until(async () => (await triesOf('before', 1)) === 1);
    await client.control(`POST /regions/${EU}/stop`);
    await watch('meanwhile');
    await until(async () => (await triesOf('meanwhile')) > 0);
    expect(await get('item', 'meanwhile', 1)).toBeUndefined();
    expect(await triesOf('before', 1)).toBe(1);
    // Long enough for the mapping's retries, if it made them.
    await sleep(500);
    await client.control(`POST /regions/${EU}/start`);
    expect((await quiesce()).status).toBe(200);
    expect(await triesOf('before', 1)).toBe(2);
    expect(await triesOf('meanwhile', 1)).toBe(1);
  });
});

describe('quiesce', () => {
  it('waits for what a stopped region has not got, and says so', async () => {
    expect((await quiesce()).status).toBe(200);
    await client.control(`POST /regions/${EU}/stop`);
    await put('late');
    const { status, body } = await quiesce(200);
    expect(status).toBe(504);
    expect(body.open).toEqual([{ from: US, to: EU, backlog: expect.any(Number), paused: false }]);
  });

  it('waits for streams', async () => {
    await watch('slow', { hangs: { S: US } });
    await until(async () => (await triesOf('slow')) === 1);
    const { status, body } = await quiesce(200);
    expect(status).toBe(504);
    expect(body.open).toContainEqual({
      region: US,
      requestsInFlight: 0,
      due: 0,
      streamRecords: 1,
      eventDeliveries: 0,
      logRecords: 0,
    });
    const { regions } = (await client.control('GET /state')).body;
    expect(regions[0].eventSources).toEqual([
      { function: 'Local-us-east-1-Fixture-consume', waiting: 1, lagMs: expect.any(Number) },
    ]);
    expect(regions[0].streamLagMs).toBeGreaterThan(0);
    await client.control(`POST /regions/${US}/crash`);
    expect((await quiesce()).status).toBe(200);
  });
});

describe('replication', () => {
  it('can be paused and slowed down, in one direction', async () => {
    const paused = await client.control(`POST /replication/${US}/${EU}`, { paused: true });
    expect(paused.body).toEqual({ from: US, to: EU, paused: true, delayMs: 5, backlog: 0 });
    await put('stays');
    await put('goes', {}, 1);
    await until(async () => (await get('item', 'goes', 0)) !== undefined);
    expect(await get('item', 'stays', 1)).toBeUndefined();
    // The region's schedule may have written something as well.
    const backlog = expect.any(Number);
    expect((await quiesce(100)).body.open).toEqual([{ from: US, to: EU, backlog, paused: true }]);
    const { body } = await client.control('GET /state');
    expect(body.replication).toEqual([
      { from: US, to: EU, paused: true, delayMs: 5, backlog, lagMs: expect.any(Number) },
      { from: EU, to: US, paused: false, delayMs: 5, backlog: 0, lagMs: 0 },
    ]);
    expect(body.regions[0].replicationLagMs[EU]).toBeGreaterThan(0);
    const resumed = await client.control(`POST /replication/${US}/${EU}`, { paused: false, delayMs: 7 });
    expect(resumed.body).toMatchObject({ paused: false, delayMs: 7 });
    expect((await quiesce()).status).toBe(200);
    expect(await get('item', 'stays', 1)).toBeDefined();
  });

  it.each([
    [{ paused: 'yes' }, /paused/],
    [{ delayMs: -1 }, /delayMs/],
    [{ delayMs: 600_001 }, /delayMs/],
    [{ speed: 1 }, /speed/],
  ])('answers 400 to %j', async (body, message) => {
    const answer = await client.control(`POST /replication/${US}/${EU}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
  });

  it.each([`${US}/mars`, `mars/${US}`, `${US}/${US}`])('answers 404 to %s', async (path) => {
    expect((await client.control(`POST /replication/${path}`, {})).status).toBe(404);
  });

  it('counts conflicts, which there were none of until somebody wrote one item in two regions', async () => {
    expect((await client.control('GET /state')).body.replicationConflicts).toBe(0);
    expect(output).toEqual([]);
    for (const path of [`${US}/${EU}`, `${EU}/${US}`]) {
      await client.control(`POST /replication/${path}`, { paused: true });
    }
    await put('contested', { by: { S: 'us' } }, 0);
    await put('contested', { by: { S: 'eu' } }, 1);
    await until(async () => (await client.control('GET /state')).body.replication[1].backlog === 1);
    for (const path of [`${US}/${EU}`, `${EU}/${US}`]) {
      await client.control(`POST /replication/${path}`, { paused: false });
    }
    expect((await quiesce()).status).toBe(200);
    expect((await client.control('GET /state')).body.replicationConflicts).toBeGreaterThan(0);
    expect(await get('item', 'contested', 0)).toEqual(await get('item', 'contested', 1));
  });
});
