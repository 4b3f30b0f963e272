import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE, FIXTURE_KEYS } from './fixtures/fixture-stack.ts';
import { clientOf, type Json } from './fixtures/stack-client.ts';

let stack: EmbeddedStack;
let client: ReturnType<typeof clientOf>;
let due = 0;
const output: string[] = [];

beforeAll(async () => {
  stack = await startEmbeddedStack({
    ...FIXTURE,
    regions: ['us-east-1', 'eu-west-1'],
    port: 0,
    controlPort: 0,
    onOutput: (line) => output.push(line),
    countDue: async ({ region }) => (region === 'us-east-1' ? due : 0),
  });
  client = clientOf(stack);
});
afterAll(() => stack?.stop());
afterEach(async () => {
  due = 0;
  await client.control('DELETE /faults');
});

const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
const call = (operation: string, input: object, rest: object = {}) => ({
  do: 'call',
  operation,
  input: { TableName: 'fixture', ...input },
  ...rest,
});
const put = (rest: object = {}) => call('PutItem', { Item: { ...Key, ...rest } });
const putInEurope = () => put({ pk: { S: 'europe' } });
const runs = async (): Promise<number> => {
  const { body } = await client.order(
    call('GetItem', { Key: { pk: { S: 'tick' }, sk: { S: 'us-east-1' } } }),
  );
  return Number(body.Item?.runs.N ?? 0);
};
const until = async (holds: () => Promise<boolean>) => {
  for (let attempt = 0; attempt < 100 && !(await holds()); attempt++) await sleep(50);
  expect(await holds()).toBe(true);
};

it('has keys, addresses, and an environment that knows its region', async () => {
  expect(stack.keys).toEqual(FIXTURE_KEYS);
  const { body } = await client.get('/any');
  expect(body.environment).toMatchObject({
    TABLE_NAME: 'fixture',
    AWS_REGION: 'us-east-1',
    STACK: 'Local-us-east-1-Fixture',
  });
});

describe('calls to the database', () => {
  it('reach it, and are counted for the route', async () => {
    await client.control('DELETE /meter');
    await client.order(put());
    expect((await client.order(call('GetItem', { Key }))).body.Item).toEqual(Key);
    const { body } = await client.control('GET /meter');
    expect(body.operations).toContainEqual({
      name: 'POST /v1/do',
      requests: 2,
      calls: 2,
      readUnits: 0.5,
      writeUnits: 1,
    });
  });

  it('stay in their region, unless they are signed for another', async () => {
    await client.control('POST /replication/eu-west-1/us-east-1', { paused: true });
    const item = { Key: { ...Key, pk: { S: 'europe' } } };
    await client.order(call('UpdateItem', item, { elsewhere: true }));
    expect((await client.order(call('GetItem', item))).body.Item).toBeUndefined();
    expect((await client.order(call('GetItem', item), 1)).body.Item).toBeDefined();
    await client.control('POST /replication/eu-west-1/us-east-1', { paused: false });
  });

  it('fail as they are told to, until they are not', async () => {
    const fault = { operation: 'PutItem', region: 'us-east-1', rate: 1, kind: 'throttle' };
    expect((await client.control('POST /faults', fault)).body.faults).toEqual([fault]);
    expect((await client.order(put())).body.error).toBe('ProvisionedThroughputExceededException');
    expect((await client.order(putInEurope(), 1)).body.error).toBeUndefined();
    await client.control('DELETE /faults');
    expect((await client.control('GET /faults')).body.faults).toEqual([]);
    expect((await client.order(put())).body.error).toBeUndefined();
  });
});

describe('a schedule', () => {
  it('has run at the start, and runs when the clock passes its time', async () => {
    await until(async () => (await runs()) > 0);
    const before = await runs();
    await client.control('DELETE /meter');
    const { body } = await client.control('POST /clock', { advanceMs: 60_000 });
    expect(body.offsetMs).toBe(60_000);
    await until(async () => (await runs()) === before + 1);
    const meter = (await client.control('GET /meter')).body.operations.map(({ name }: Json) => name);
    expect(meter).toContain('Local-us-east-1-Fixture-tick');
    const { now } = (await client.get('/any')).body;
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(59_000);
  });
});

describe('a region that is stopped', () => {
  it('refuses connections, loses what was in flight, keeps its data, and comes back', async () => {
    await client.order(put());
    await client.control('DELETE /meter');
    const inFlight = client.order({ do: 'hang' }).catch(() => 'cut off');
    await until(async () => (await client.control('GET /meter')).body.operations[0]?.requests > 0);
    expect((await client.control('POST /regions/us-east-1/stop')).body.status).toBe('stopped');
    expect(await inFlight).toBe('cut off');
    await expect(client.get('/any')).rejects.toThrow('fetch failed');
    expect((await client.order(putInEurope(), 1)).status).toBe(200);
    expect((await client.control('GET /state')).body.regions[0].status).toBe('stopped');
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect((await client.control('POST /regions/us-east-1/start')).body.status).toBe('running');
    expect((await client.order(call('GetItem', { Key }))).body.Item).toEqual(Key);
  });

  it("cannot be reached by another region's functions", async () => {
    await client.control('POST /regions/eu-west-1/stop');
    const answer = await client.order(call('GetItem', { Key }, { elsewhere: true }));
    // The SDK's name for a connection that breaks.
    expect(answer.body.error).toBe('TimeoutError');
    await client.control('POST /regions/eu-west-1/start');
    expect((await client.order(call('GetItem', { Key }, { elsewhere: true }))).body.error).toBeUndefined();
  });
});

it('a crash kills what runs; the next request and the schedule get new environments', async () => {
  await client.get('/any');
  const before = await runs();
  const inFlight = client.order({ do: 'hang' });
  await sleep(100);
  expect((await client.control('POST /regions/us-east-1/crash')).status).toBe(200);
  expect((await inFlight).status).toBe(502);
  expect((await client.get('/any')).body.invocations).toBe(1);
  await until(async () => (await runs()) === before + 1);
});

describe('quiesce', () => {
  it('waits for requests and for due work, and says what is open when its time is over', async () => {
    due = 3;
    const late = await client.control('POST /quiesce', { timeoutMs: 100 });
    expect(late.status).toBe(504);
    expect(late.body.open).toEqual([
      {
        region: 'us-east-1',
        requestsInFlight: 0,
        due: 3,
        streamRecords: 0,
        eventDeliveries: 0,
        logRecords: 0,
      },
    ]);
    const soon = client.control('POST /quiesce', { timeoutMs: 5_000 });
    due = 0;
    expect((await soon).status).toBe(200);
    const request = client.order({ do: 'hang' });
    await sleep(100);
    expect((await client.control('POST /quiesce', { timeoutMs: 50 })).body.open).toMatchObject([
      { requestsInFlight: 1 },
    ]);
    await request;
    expect((await client.control('POST /quiesce')).status).toBe(200);
  });
});

describe('the control server', () => {
  it('shows the state', async () => {
    const { body } = await client.control('GET /state');
    expect(body).toMatchObject({
      regions: [
        {
          region: 'us-east-1',
          status: 'running',
          queueDepths: {},
          streamLagMs: 0,
          replicationLagMs: { 'eu-west-1': 0 },
        },
        { region: 'eu-west-1', status: 'running' },
      ],
      replicationConflicts: 0,
    });
    expect(body.processes.map(({ name }: Json) => name)).toEqual([
      'stack',
      'database us-east-1',
      'database eu-west-1',
    ]);
    expect(body.processes[1].residentBytes).toBeGreaterThan(1e7);
  });

  it('shows what there is of events and queues', async () => {
    expect((await client.control('GET /events')).body).toEqual({ items: [], next: 0, dropped: 0 });
    expect((await client.control('GET /queues')).body).toEqual([]);
  });

  it.each([
    ['POST /faults', '{', /not JSON/],
    ['POST /faults', { operation: 'PutItem', rate: 2, kind: 'throttle' }, /rate/],
    ['POST /faults', { operation: 'PutItem', rate: 1, kind: 'earthquake' }, /kind/],
    ['POST /faults', { operation: 'put', rate: 1, kind: 'throttle' }, /name an operation/],
    ['POST /faults', { operation: 'PutItem', rate: 1, kind: 'throttle', region: 'mars' }, /no region mars/],
    ['POST /faults', { operation: 'PutItem', rate: 1, kind: 'throttle', more: 1 }, /more/],
    ['POST /clock', { advanceMs: 0 }, /advanceMs/],
    ['POST /clock', { advanceMs: -5 }, /advanceMs/],
    ['POST /clock', {}, /advanceMs/],
    ['POST /quiesce', { timeoutMs: 'long' }, /timeoutMs/],
  ])('answers 400 to %s %j', async (route, body, message) => {
    const answer = await client.control(route, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
  });

  it.each([
    'POST /regions/mars/stop',
    'POST /regions/us-east-1/explode',
    'POST /replication/a/b',
    'PUT /faults',
    'GET /',
  ])('answers 404 to %s', async (route) => {
    expect((await client.control(route)).status).toBe(404);
  });
});
