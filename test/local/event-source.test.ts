import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { StackClock } from '../../lib/local/clock.ts';
import type { Outcome } from '../../lib/local/environments/environment.ts';
import { EventSource } from '../../lib/local/event-sources/event-source.ts';
import { compileFilters } from '../../lib/local/event-sources/filter-pattern.ts';
import type { StreamRecord } from '../../lib/local/streams/stream-record.ts';
import type { EventSourceDefinition } from '../../lib/local/template/event-sources.ts';

const STREAM_ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/stock/stream/x';
const SUCCESS: Outcome = { kind: 'result', value: null };
const FAILURE: Outcome = { kind: 'failed', error: { errorType: 'E', errorMessage: 'no', trace: '' } };
const failedAt = (...sequences: number[]): Outcome => ({
  kind: 'result',
  value: { batchItemFailures: sequences.map((one) => ({ itemIdentifier: sequenceNumber(one) })) },
});
const sequenceNumber = (sequence: number) => String(sequence).padStart(21, '0');

function record(sequence: number, rest: Partial<StreamRecord> = {}): StreamRecord {
  return {
    tableName: 'stock',
    lane: 'shard',
    readAtMs: Date.now(),
    wire: {
      eventID: '26cad1ba-67bd-4acb-b5fd-151145906a33',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        Keys: { pk: { S: String(sequence) } },
        NewImage: { pk: { S: String(sequence) } },
        SequenceNumber: sequenceNumber(sequence),
        SizeBytes: 7,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    },
    ...rest,
  };
}
const records = (...sequences: number[]) => sequences.map((sequence) => record(sequence));

interface SeenEvent {
  readonly Records: { readonly dynamodb: { readonly SequenceNumber: string } }[];
}

const sources: EventSource[] = [];
/** How often the destination of failed batches refuses. */
let unreachable = 0;
afterEach(() => {
  unreachable = 0;
  for (const source of sources.splice(0)) source.dispose();
});

/** An event source whose function answers with the outcomes in turn, then with success. */
function listen(settings: Partial<EventSourceDefinition> = {}, ...outcomes: (Outcome | Promise<Outcome>)[]) {
  const clock = new StackClock();
  const batches: number[][] = [];
  const events: SeenEvent[] = [];
  const output: string[] = [];
  const failures: object[] = [];
  const definition = {
    id: 'Shop/Watch',
    function: { name: 'watch', arn: 'arn:watch', region: 'eu-west-1' },
    tableName: 'stock',
    streamArn: STREAM_ARN,
    batchSize: 3,
    batchingWindowMs: 0,
    filters: [],
    reportsFailures: false,
    bisects: false,
    maxRetries: undefined,
    maxAgeMs: undefined,
    ...settings,
  } as unknown as EventSourceDefinition;
  const source = new EventSource({
    definition,
    clock,
    invoke: async (event) => {
      events.push(event as SeenEvent);
      batches.push((event as SeenEvent).Records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber)));
      return outcomes.shift() ?? SUCCESS;
    },
    onOutput: (line) => output.push(line),
    sendFailure: async (message) => {
      failures.push(message);
      if (unreachable-- > 0) throw new Error('cut off');
    },
  });
  sources.push(source);
  const settled = async () => {
    for (let round = 0; round < 500 && source.waiting > 0; round++) await sleep(5);
    expect(source.waiting).toBe(0);
  };
  return { source, clock, batches, events, failures, output, settled };
}

describe('an event source', () => {
  it("delivers Lambda's event", async () => {
    const { source, clock, events, settled } = listen();
    clock.advance(5_000);
    source.start();
    source.offer([record(1, { readAtMs: 1_700_000_000_900 })]);
    await settled();
    expect(events).toEqual([
      {
        Records: [
          {
            eventID: '26cad1ba67bd4acbb5fd151145906a33',
            eventName: 'INSERT',
            eventVersion: '1.1',
            eventSource: 'aws:dynamodb',
            awsRegion: 'eu-west-1',
            dynamodb: {
              ApproximateCreationDateTime: 1_700_000_005,
              Keys: { pk: { S: '1' } },
              NewImage: { pk: { S: '1' } },
              SequenceNumber: sequenceNumber(1),
              SizeBytes: 7,
              StreamViewType: 'NEW_AND_OLD_IMAGES',
            },
            eventSourceARN: STREAM_ARN,
          },
        ],
      },
    ]);
  });

  it('tells what a time to live has deleted', async () => {
    const { source, events, settled } = listen();
    source.start();
    const [first] = records(1);
    const userIdentity = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };
    if (first) source.offer([{ ...first, wire: { ...first.wire, userIdentity } }]);
    await settled();
    expect(events[0]?.Records[0]).toMatchObject({
      userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' },
    });
  });

  it('delivers in order, in batches, one after the other, and only its table', async () => {
    const { source, batches, settled } = listen();
    source.offer([...records(1, 2, 3, 4), record(99, { tableName: 'other' })]);
    await sleep(20);
    expect(batches).toEqual([]);
    source.start();
    await settled();
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it('delivers shards side by side, each in order', async () => {
    const never = new Promise<Outcome>(() => undefined);
    const { source, batches } = listen({ batchSize: 1 }, never);
    source.start();
    source.offer([record(1), record(2), record(3, { lane: 'other' }), record(4, { lane: 'other' })]);
    await sleep(20);
    expect(batches).toEqual([[1], [3], [4]]);
    expect(source.waiting).toBe(2);
    expect(source.records.map(({ lane }) => lane)).toEqual(['shard', 'shard']);
  });

  it('passes over what no filter matches', async () => {
    const filters = compileFilters(
      [{ Pattern: '{"dynamodb":{"Keys":{"pk":{"S":["2"]}}}}' }, { Pattern: '{"awsRegion":["mars"]}' }],
      '',
    );
    const { source, batches, settled } = listen({ filters });
    source.start();
    source.offer(records(1, 2, 3));
    await settled();
    expect(batches).toEqual([[2]]);
  });

  it('waits for a full batch, for its window by the clock of the stack', async () => {
    const { source, clock, batches, settled } = listen({ batchingWindowMs: 60_000 });
    source.start();
    source.offer(records(1, 2));
    await sleep(20);
    source.offer(records(3));
    await settled();
    expect(batches).toEqual([[1, 2, 3]]);
    source.offer(records(4));
    await sleep(20);
    expect(source.waiting).toBe(1);
    clock.advance(60_000);
    await settled();
    expect(batches.at(-1)).toEqual([4]);
  });
});

describe('a batch that fails', () => {
  it.each([
    ['throws', FAILURE],
    ['times out', { kind: 'timedOut' }],
    ['crashes', { kind: 'crashed' }],
    ['is throttled', { kind: 'throttled' }],
  ] as [string, Outcome][])('is delivered again as it was when its function %s', async (_, outcome) => {
    const { source, batches, settled } = listen({ maxRetries: 1 }, outcome);
    source.start();
    source.offer(records(1, 2, 3, 4));
    source.wake();
    await settled();
    expect(batches).toEqual([[1, 2, 3], [1, 2, 3], [4]]);
  });

  it('is tried again later each time, and at once when the clock moves', async () => {
    const { source, clock, batches, settled } = listen({}, FAILURE, FAILURE, FAILURE, FAILURE, FAILURE);
    source.start();
    source.offer(records(1));
    await sleep(50);
    expect(batches).toHaveLength(1);
    for (let tries = 2; tries <= 6; tries++) {
      clock.advance(1);
      await sleep(10);
      expect(batches).toHaveLength(tries);
    }
    await settled();
  });

  it('goes on from the lowest record that it reports', async () => {
    const { source, batches, settled } = listen({ reportsFailures: true }, failedAt(3, 2));
    source.start();
    source.offer(records(1, 2, 3, 4));
    await settled();
    expect(batches).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
  });

  it.each([
    ['a record that is not in it', failedAt(77)],
    ['a record without a name', { kind: 'result', value: { batchItemFailures: [{}] } }],
    ['something else', { kind: 'result', value: { batchItemFailures: 'all' } }],
  ] as [string, Outcome][])('has failed as a whole when it reports %s', async (_, outcome) => {
    const { source, batches, settled } = listen({ reportsFailures: true }, outcome);
    source.start();
    source.offer(records(1, 2, 3));
    await settled();
    expect(batches).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it.each([
    ['nothing', null],
    ['no failures', { batchItemFailures: [] }],
    ['an empty answer', {}],
    ['a text', 'done'],
  ])('has not failed when it reports %s', async (_, value) => {
    const { source, batches, settled } = listen({ reportsFailures: true }, { kind: 'result', value });
    source.start();
    source.offer(records(1));
    await settled();
    expect(batches).toEqual([[1]]);
  });

  it('reports to nobody when its mapping does not ask for reports', async () => {
    const { source, batches, settled } = listen({}, failedAt(1));
    source.start();
    source.offer(records(1));
    await settled();
    expect(batches).toEqual([[1]]);
  });

  it('is halved until the record is found, and that one is given up in the end', async () => {
    // The second record is the bad one.
    const outcomes = [FAILURE, FAILURE, SUCCESS, FAILURE, FAILURE, FAILURE, FAILURE];
    const { source, batches, output, settled } = listen(
      { bisects: true, batchSize: 4, maxRetries: 1 },
      ...outcomes,
    );
    source.start();
    source.offer(records(1, 2, 3, 4));
    await settled();
    expect(batches).toEqual([[1, 2, 3, 4], [1, 2], [1], [2, 3, 4], [2, 3], [2], [2], [3, 4]]);
    expect(output).toEqual([expect.stringContaining('gave up 1 records after 1 retries')]);
  });

  it('is given up after its retries, and says which records are lost', async () => {
    const { source, batches, output, settled } = listen({ maxRetries: 1 }, FAILURE, FAILURE);
    source.start();
    source.offer(records(1, 2, 3, 4));
    await settled();
    expect(batches).toEqual([[1, 2, 3], [1, 2, 3], [4]]);
    expect(output).toEqual([
      `The event source of watch in eu-west-1 gave up 3 records after 1 retries, from ${sequenceNumber(1)} on.`,
    ]);
  });

  it('is not given up because its function is busy', async () => {
    const { source, batches, output, settled } = listen({ maxRetries: 0 }, { kind: 'throttled' });
    source.start();
    source.offer(records(1));
    await settled();
    expect(batches).toEqual([[1], [1]]);
    expect(output).toEqual([]);
  });

  it('loses what is too old, by the clock of the stack', async () => {
    const { source, clock, batches, output, settled } = listen({ maxAgeMs: 60_000 }, FAILURE);
    source.start();
    source.offer(records(1, 2));
    await sleep(10);
    clock.advance(60_001);
    source.offer(records(3));
    await settled();
    expect(batches.flat().slice(-1)).toEqual([3]);
    expect(output).toEqual([expect.stringMatching(/gave up 2 records that are too old/)]);
  });
});

describe('the destination of failed batches', () => {
  const second = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const batchInfo = (first: number, last: number) => ({
    shardId: 'shard',
    startSequenceNumber: sequenceNumber(first),
    endSequenceNumber: sequenceNumber(last),
    approximateArrivalOfFirstRecord: expect.stringMatching(second),
    approximateArrivalOfLastRecord: expect.stringMatching(second),
    batchSize: last - first + 1,
    streamArn: STREAM_ARN,
  });

  it('is told which records were tried in vain', async () => {
    const { source, clock, failures, settled } = listen({ maxRetries: 1 }, FAILURE, FAILURE);
    clock.advance(3_600_000);
    source.start();
    source.offer([record(1, { readAtMs: 1_700_000_000_900 }), ...records(2, 3, 4)]);
    await settled();
    expect(failures).toEqual([
      {
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionArn: 'arn:watch',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: expect.stringMatching(/\.\d{3}Z$/),
        DDBStreamBatchInfo: {
          ...batchInfo(1, 3),
          approximateArrivalOfFirstRecord: '2023-11-14T23:13:20Z',
        },
      },
    ]);
  });

  it('is told of those only that a report names, from the first on', async () => {
    const settings = { maxRetries: 0, reportsFailures: true };
    const { source, failures, settled } = listen(settings, failedAt(2));
    source.start();
    source.offer(records(1, 2, 3));
    await settled();
    expect(failures).toMatchObject([
      { responseContext: { statusCode: 200 }, DDBStreamBatchInfo: batchInfo(2, 3) },
    ]);
    expect(failures[0]).not.toHaveProperty('responseContext.functionError');
  });

  it('is told of what is too old, in batches', async () => {
    const { source, clock, failures, settled } = listen({ maxAgeMs: 60_000 });
    source.offer(records(1, 2, 3, 4));
    clock.advance(60_001);
    source.start();
    await settled();
    expect(failures).toMatchObject([
      { requestContext: { condition: 'RecordAgeExceeded' }, DDBStreamBatchInfo: batchInfo(1, 3) },
      { requestContext: { approximateInvokeCount: 0 }, DDBStreamBatchInfo: batchInfo(4, 4) },
    ]);
    expect(failures[0]).not.toHaveProperty('responseContext');
  });

  it('that does not answer holds the records up, and loses none', async () => {
    unreachable = 1;
    const { source, clock, failures, output, settled } = listen({ maxAgeMs: 60_000 });
    source.offer(records(1));
    clock.advance(60_001);
    source.start();
    await sleep(20);
    expect(source.waiting).toBe(1);
    expect(output).toEqual([expect.stringContaining('cannot tell of what it gives up: cut off')]);
    source.wake();
    await settled();
    expect(failures).toHaveLength(2);
  });
});

describe('an event source that is stopped', () => {
  it('delivers nothing, and then again what was in flight', async () => {
    const hanging = Promise.withResolvers<Outcome>();
    const { source, batches, settled } = listen({}, hanging.promise);
    source.start();
    source.offer(records(1, 2));
    await sleep(10);
    source.stop();
    // Its region cuts off what runs, which may have had its effect.
    hanging.resolve(SUCCESS);
    await sleep(20);
    expect(batches).toHaveLength(1);
    expect(source.waiting).toBe(2);
    expect(source.lagMs).toBeGreaterThan(0);
    source.start();
    await settled();
    expect(batches.at(-1)).toEqual([1, 2]);
    expect(source.lagMs).toBe(0);
  });

  it('holds the stream up when too much waits, while it runs', async () => {
    const hanging = Promise.withResolvers<Outcome>();
    const { source, settled } = listen({ batchSize: 10_000 }, hanging.promise);
    source.start();
    source.offer(Array.from({ length: 20_000 }, (_, index) => record(index)));
    let hasRoom = false;
    const room = source.room().then(() => {
      hasRoom = true;
    });
    await sleep(10);
    expect(hasRoom).toBe(false);
    hanging.resolve(SUCCESS);
    await room;
    await settled();
  });
});
