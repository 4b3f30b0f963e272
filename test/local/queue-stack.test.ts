import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callDatabase } from '../../lib/local/database/database-client.ts';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { QUEUE_FIXTURE } from './fixtures/fixture-stack.ts';
import { clientOf, type Json } from './fixtures/stack-client.ts';

const output: string[] = [];
const start = (options: object) =>
  startEmbeddedStack({
    ...QUEUE_FIXTURE,
    port: 0,
    controlPort: 0,
    allOutput: true,
    onOutput: (line) => output.push(line),
    ...options,
  });

function clientFor(stack: EmbeddedStack) {
  const { control, order } = clientOf(stack);
  return {
    control,
    send: async (messages: object[], region = 0) => {
      const answer = await order(messages, region);
      expect(answer.status).toBe(200);
      return answer.body as string[];
    },
    tries: async (id: string, region = 0): Promise<number> => {
      const endpoint = stack.regions[region]?.databaseEndpoint ?? '';
      const input = { TableName: 'noted', Key: { pk: { S: id } } };
      const { Item } = await callDatabase<{ Item?: Json }>(endpoint, 'GetItem', input);
      return Number(Item?.tries.N ?? 0);
    },
    queue: async (name: string, region = 'us-east-1') => {
      const all: Json[] = (await control('GET /queues')).body;
      return all.find((one) => one.name === name && one.region === region);
    },
    messages: async (name: string): Promise<Json> => (await control(`GET /queues/${name}/messages`)).body,
  };
}

const until = async (holds: () => Promise<boolean>) => {
  for (let attempt = 0; attempt < 200 && !(await holds()); attempt++) await sleep(25);
  expect(await holds()).toBe(true);
};

describe('a stack with queues', () => {
  let stack: EmbeddedStack;
  let client: ReturnType<typeof clientFor>;
  beforeAll(async () => {
    stack = await start({ regions: ['us-east-1', 'eu-west-1'] });
    client = clientFor(stack);
    // The first environments take their time on a busy machine, longer perhaps than a message is hidden.
    await Promise.all([client.send([{ id: 'first here' }]), client.send([{ id: 'first there' }], 1)]);
    await client.control('POST /quiesce');
  });
  afterAll(() => stack?.stop());

  it('takes messages from one function to another, in each region by itself', async () => {
    await client.send([{ id: 'america' }]);
    await client.send([{ id: 'europe' }], 1);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('america')).toBeGreaterThan(0);
    expect(await client.tries('europe', 1)).toBeGreaterThan(0);
    // The SDK would say here that the queue's address is not its endpoint.
    expect(output).toEqual([]);
  });

  it('is not quiet while there are messages for a function, however late', async () => {
    await client.send([{ id: 'late', delaySeconds: 1 }]);
    const early = await client.control('POST /quiesce', { timeoutMs: 100 });
    expect(early.status).toBe(504);
    expect(early.body.open).toEqual([
      { region: 'us-east-1', queue: 'work', visible: 0, inFlight: 0, delayed: 1 },
    ]);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('late')).toBeGreaterThan(0);
  });

  it('keeps dead letters after as many tries as the template says, and shows them', async () => {
    const [good, poison] = await client.send([{ id: 'good' }, { id: 'poison', how: 'fails' }]);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('good')).toBeGreaterThan(0);
    expect(await client.tries('poison')).toBe(2);
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/\w+$/);
    const empty = { region: 'us-east-1', depth: 0, inFlight: 0, delayed: 0, url };
    expect(await client.queue('work')).toEqual({ ...empty, name: 'work', deadLetter: false });
    expect(await client.queue('dead')).toEqual({ ...empty, name: 'dead', deadLetter: true, depth: 1 });
    expect(await client.queue('dead', 'eu-west-1')).toMatchObject({ depth: 0 });
    const message = {
      region: 'us-east-1',
      messageId: poison,
      body: '{"id":"poison","how":"fails"}',
      attributes: expect.objectContaining({ SentTimestamp: expect.stringMatching(/^\d{13}$/) }),
      messageAttributes: {},
      receiveCount: expect.any(Number),
      sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
    };
    expect(await client.messages('dead')).toEqual([message]);
    expect(await client.messages('dead')).toEqual(await client.messages('dead'));
    expect(good).not.toBe(poison);
    expect((await client.control('GET /queues/mars/messages')).status).toBe(404);
  });

  it('shows depths and the address of its queues in its state', async () => {
    const { body } = await client.control('GET /state');
    expect(body.sqs.endpoint).toBe(new URL((await client.queue('work')).url).origin);
    expect(body.regions[1].queueDepths).toEqual({ work: 0, dead: 0, lost: 0 });
  });

  it('keeps the messages of a region that is stopped, and delivers them when it is back', async () => {
    await client.send([{ id: 'kept', delaySeconds: 1 }]);
    await client.control('POST /regions/us-east-1/stop');
    await until(async () => (await client.queue('work')).depth === 1);
    await sleep(200);
    expect((await client.messages('work'))[0].receiveCount).toBe(0);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    await client.control('POST /regions/us-east-1/start');
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('kept')).toBeGreaterThan(0);
  });

  it('keeps what is for one function whose event sources are paused, and says so', async () => {
    const pause = (paused: boolean, more: object = {}) =>
      client.control('POST /event-sources', { function: '-take', paused, ...more });
    const answer = await pause(true, { region: 'us-east-1' });
    const source = { region: 'us-east-1', function: expect.stringMatching(/-take$/), paused: true };
    expect([answer.status, answer.body]).toEqual([200, { sources: [source] }]);
    await client.send([{ id: 'paused' }]);
    const open = await client.control('POST /quiesce', { timeoutMs: 500 });
    expect([open.status, open.body.open]).toMatchObject([504, [{ queue: 'work', visible: 1 }]]);
    expect((await pause(false)).body.sources).toHaveLength(2);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('paused')).toBe(1);
    expect((await pause(true, { function: 'nobody' })).status).toBe(404);
    await client.control('POST /regions/eu-west-1/stop');
    expect((await pause(true, { region: 'eu-west-1' })).status).toBe(400);
    await client.control('POST /regions/eu-west-1/start');
  });

  it('delivers again what a crash has interrupted', async () => {
    await client.send([{ id: 'interrupted', how: 'hangs once' }]);
    await until(async () => (await client.tries('interrupted')) === 1);
    await client.control('POST /regions/us-east-1/crash');
    expect((await client.queue('work')).inFlight).toBe(1);
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.tries('interrupted')).toBeGreaterThan(1);
    expect(output.join()).not.toContain('timed out');
  });

  it('sends what a stream has given up to the queue that the template names', async () => {
    const { databaseEndpoint = '' } = stack.regions[0] ?? {};
    await callDatabase(databaseEndpoint, 'PutItem', { TableName: 'noted', Item: { pk: { S: 'doomed' } } });
    expect((await client.control('POST /quiesce')).status).toBe(200);
    expect(await client.queue('lost')).toMatchObject({ depth: 1, deadLetter: true });
    const [{ body }] = await client.messages('lost');
    expect(JSON.parse(body)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      DDBStreamBatchInfo: { batchSize: 1, streamArn: expect.stringContaining('table/noted/stream') },
    });
  });
});

it('a data directory keeps what lies in queues', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-queues-'));
  const stacks: EmbeddedStack[] = [];
  const begin = async () => {
    const stack = await start({ regions: ['us-east-1'], dataDir });
    stacks.push(stack);
    return { stack, ...clientFor(stack) };
  };
  try {
    const first = await begin();
    const [messageId] = await first.send([{ id: 'later', delaySeconds: 600 }]);
    const before = await first.messages('work');
    expect(before).toMatchObject([{ messageId, body: '{"id":"later"}' }]);
    await first.stack.stop();

    const second = await begin();
    expect(await second.messages('work')).toEqual(before);
    expect(await second.queue('work')).toMatchObject({ depth: 0, delayed: 1 });
  } finally {
    await Promise.all(stacks.map((stack) => stack.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  }
});
