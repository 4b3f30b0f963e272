import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../lib/local/environments/environment.ts';
import { compileFilters } from '../../lib/local/event-sources/filter-pattern.ts';
import { doneMessages } from '../../lib/local/event-sources/queue-response.ts';
import { QueueSource } from '../../lib/local/event-sources/queue-source.ts';
import type { QueueSourceDefinition } from '../../lib/local/template/queue-sources.ts';
import { type EmulatedQueues, startQueues } from './fixtures/emulated-queues.ts';

const SUCCESS: Outcome = { kind: 'result', value: null };
const FAILURE: Outcome = { kind: 'failed', error: { errorType: 'E', errorMessage: 'no', trace: '' } };
const result = (value: unknown): Outcome => ({ kind: 'result', value });

interface SeenRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}
/** What the function does with a batch. */
type Act = (records: readonly SeenRecord[]) => Outcome | Promise<Outcome>;

let sqs: EmulatedQueues;
let source: QueueSource | undefined;
const output: string[] = [];
afterEach(async () => {
  source?.stop();
  source = undefined;
  output.length = 0;
  await sqs.stop();
});

interface Settings extends Partial<QueueSourceDefinition> {
  /** Long, unless a message shall come again. */
  readonly visibilityTimeoutSeconds?: number;
}

/** A source whose function does with each batch in turn what it is told, then succeeds. */
async function listen(settings: Settings = {}, ...acts: Act[]) {
  const { visibilityTimeoutSeconds = 30, ...mapping } = settings;
  sqs = await startQueues({ visibilityTimeoutSeconds });
  const batches: SeenRecord[][] = [];
  const invokedAtMs: number[] = [];
  const made = new QueueSource({
    definition: {
      function: { name: 'worker', region: 'eu-west-1' },
      queueName: 'work',
      queueArn: sqs.queues.get('work').definition.arn,
      batchSize: 10,
      batchingWindowMs: 0,
      filters: [],
      reportsFailures: false,
      maxConcurrency: undefined,
      ...mapping,
    } as QueueSourceDefinition,
    queue: sqs.queues.get('work'),
    invoke: async (event) => {
      const { Records } = event as { Records: SeenRecord[] };
      batches.push(Records);
      invokedAtMs.push(performance.now());
      return (await acts.shift()?.(Records)) ?? SUCCESS;
    },
    onOutput: (line) => output.push(line),
  });
  source = made;
  return {
    source: made,
    batches,
    invokedAtMs,
    bodies: () => batches.map((batch) => batch.map(({ body }) => body)),
  };
}

const until = async (holds: () => boolean, timeoutMs = 8_000) => {
  const deadlineMs = performance.now() + timeoutMs;
  while (!holds() && performance.now() < deadlineMs) await sleep(10);
  expect(holds()).toBe(true);
};
const left = (name: string): number => {
  const { visible, inFlight, delayed } = sqs.queues.get(name).depth;
  return visible + inFlight + delayed;
};
const empty = () => left('work') === 0;
const deadLetters = () => sqs.queues.get('dead').contents.ready.map(({ body }) => body);

describe('a queue source', () => {
  it("delivers Lambda's event, soon, and removes what is done", async () => {
    const { source, batches } = await listen();
    source.start();
    await sleep(50);
    const sentAtMs = performance.now();
    const { MessageId } = await sqs.send('{"a":1}', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from('bytes') },
      },
    });
    await until(() => batches.length > 0);
    // A tenth of that on a quiet machine; an empty queue is asked again after a minute otherwise.
    expect(performance.now() - sentAtMs).toBeLessThan(2_000);
    const digits = expect.stringMatching(/^\d{13}$/);
    expect(batches).toEqual([
      [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: '{"a":1}',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: digits,
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: digits,
          },
          messageAttributes: {
            kind: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
            raw: { binaryValue: 'Ynl0ZXM=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:work',
          awsRegion: 'eu-west-1',
        },
      ],
    ]);
    await until(empty);
    expect(source.finished).toBe(1);
  });
});

describe('a batch', () => {
  const sendAll = async (count: number) => {
    for (let index = 0; index < count; index++) await sqs.send(String(index));
  };

  it('has what there is, up to its size', async () => {
    const { source, bodies } = await listen({ batchSize: 3, maxConcurrency: 2 });
    await sendAll(4);
    source.start();
    await until(empty);
    expect(bodies()).toEqual([['0', '1', '2'], ['3']]);
  });

  it('of more messages than a call returns waits for them within its window', async () => {
    const { source, bodies } = await listen({ batchSize: 12, batchingWindowMs: 1_000 });
    source.start();
    await sendAll(13);
    await until(empty);
    expect(bodies().map((batch) => batch.length)).toEqual([12, 1]);
  });

  it('goes when its window is over', async () => {
    const { source, bodies } = await listen({ batchingWindowMs: 1_000 });
    source.start();
    await sendAll(1);
    await sleep(100);
    expect(bodies()).toEqual([]);
    await sqs.send('later');
    await until(empty);
    expect(bodies()).toEqual([['0', 'later']]);
  });

  it('has no message that no filter matches, and the queue has none of those either', async () => {
    const filters = compileFilters([{ Pattern: '{"body":{"kind":["order"]}}' }], '');
    const { source, bodies } = await listen({ filters });
    await sqs.send('{"kind":"other"}');
    await sqs.send('{"kind":"order"}');
    await sqs.send('plain text');
    source.start();
    await until(empty);
    expect(bodies()).toEqual([['{"kind":"order"}']]);
    expect(left('dead')).toBe(0);
  });

  it('does not wait for another, up to the bound of the mapping', async () => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<Outcome>());
    const acts = gates.map(
      ({ promise }) =>
        () =>
          promise,
    );
    const { source, batches } = await listen({ batchSize: 1, maxConcurrency: 2 }, ...acts);
    await sendAll(4);
    source.start();
    await until(() => batches.length === 2);
    await sleep(100);
    expect(batches).toHaveLength(2);
    gates[1]?.resolve(SUCCESS);
    await until(() => batches.length === 3);
    for (const { resolve } of gates) resolve(SUCCESS);
    await until(empty);
    expect(batches).toHaveLength(4);
  });
});

describe('a batch that fails', () => {
  it('comes again as a whole after the visibility timeout', async () => {
    const { source, batches, invokedAtMs } = await listen({ visibilityTimeoutSeconds: 1 }, () => FAILURE);
    await sqs.send('a');
    await sqs.send('b');
    source.start();
    await until(() => batches.length === 1);
    await until(empty);
    const [first = 0, second = 0] = invokedAtMs;
    expect(second - first).toBeGreaterThan(500);
    const [, ...again] = batches;
    const bodies = again.flat().map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(['a', 'b']);
    expect(again.flat().map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['2', '2']);
  });

  it('in part comes again in part, and what never works ends among the dead letters', async () => {
    const failPoison: Act = (records) => {
      const poison = records.filter(({ body }) => body === 'poison');
      return result({ batchItemFailures: poison.map(({ messageId }) => ({ itemIdentifier: messageId })) });
    };
    const { source, bodies } = await listen(
      { reportsFailures: true, visibilityTimeoutSeconds: 1 },
      failPoison,
      failPoison,
      failPoison,
    );
    for (const body of ['a', 'poison', 'b']) await sqs.send(body);
    source.start();
    await until(() => left('work') === 1);
    await until(() => deadLetters().length === 1);
    // Twice, as the redrive policy says; the third time it is moved.
    expect(bodies()).toEqual([['a', 'poison', 'b'], ['poison']]);
    expect(deadLetters()).toEqual(['poison']);
    expect(empty()).toBe(true);
    // The dead letters have no source.
    await sqs.send('c');
    await until(() => bodies().length === 3);
    expect(deadLetters()).toEqual(['poison']);
  });
});

describe('a queue source that is stopped', () => {
  it('leaves what is in flight and what comes to the queue, and goes on with it', async () => {
    const gate = Promise.withResolvers<Outcome>();
    const { source, batches, bodies } = await listen({ visibilityTimeoutSeconds: 1 }, () => gate.promise);
    source.start();
    await sqs.send('in flight');
    await until(() => batches.length === 1);
    source.stop();
    // Its region cuts off what runs, which may have had its effect.
    gate.resolve(SUCCESS);
    await sqs.send('new');
    await sleep(300);
    expect(batches).toHaveLength(1);
    expect(sqs.queues.get('work').contents.ready).toMatchObject([
      { body: 'new', approximateReceiveCount: 0 },
    ]);
    source.start();
    await until(empty);
    expect(bodies().flat().toSorted()).toEqual(['in flight', 'in flight', 'new']);
    expect(output).toEqual([]);
  });

  it('says what is wrong with its queue, and tries again', async () => {
    const { source, batches } = await listen();
    sqs.queues.reachable = false;
    source.start();
    await until(() => output.length > 0);
    expect(output[0]).toMatch(/^The event source of worker in eu-west-1, work: /);
    sqs.queues.reachable = true;
    await sqs.send('a');
    await until(() => batches.length === 1);
  });
});

describe('of a batch', () => {
  const batch = [{ MessageId: 'a' }, { MessageId: 'b' }];
  const named = (...ids: unknown[]) =>
    result({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

  it.each([
    ['throws', FAILURE],
    ['times out', { kind: 'timedOut' }],
    ['crashes', { kind: 'crashed' }],
    ['is throttled', { kind: 'throttled' }],
    ['names a message that is not in it', named('a', 'c')],
    ['names a message of no name', named('')],
    ['names no message', named(null)],
    ['names nothing at all', result({ batchItemFailures: [{ id: 'a' }] })],
    ['answers something else', result({ batchItemFailures: 'all' })],
    ['answers a text', result('done')],
  ] as [string, Outcome][])('nothing is done when the function %s', (_, outcome) => {
    expect(doneMessages(outcome, batch, true)).toEqual([]);
  });

  it.each([
    ['nothing', null],
    ['nothing at all', undefined],
    ['no failures', { batchItemFailures: [] }],
    ['failures of nothing', { batchItemFailures: null }],
    ['an empty answer', {}],
  ])('everything is done when the function reports %s', (_, value) => {
    expect(doneMessages(result(value), batch, true)).toEqual(batch);
  });

  it('everything else is done than what the function names, however often', () => {
    expect(doneMessages(named('a'), batch, true)).toEqual([{ MessageId: 'b' }]);
    expect(doneMessages(named('b', 'b'), batch, true)).toEqual([{ MessageId: 'a' }]);
    expect(doneMessages(named('a', 'b'), batch, true)).toEqual([]);
  });

  it('everything is done whatever is named, when its mapping does not ask for reports', () => {
    expect(doneMessages(named('a'), batch, false)).toEqual(batch);
    expect(doneMessages(FAILURE, batch, false)).toEqual([]);
  });
});
