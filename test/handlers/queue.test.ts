import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { LogMessage } from '../../lambdas/observability/log-messages.ts';
import type { LogFields } from '../../lambdas/observability/logger.ts';
import { type BatchMeasure, createQueueMetrics } from '../../lambdas/observability/metrics.ts';
import { readOrderMessage } from '../../lambdas/orders/order-message.ts';
import { queueHandler } from '../../lambdas/queue/batch.ts';
import { jsonBody, MalformedMessageError } from '../../lambdas/queue/message-body.ts';

afterEach(() => vi.restoreAllMocks());

const NOW = 1_000_000;
const LONG = { getRemainingTimeInMillis: () => 30_000 };

/** As Lambda shows it: numbers are texts, and there is more than anybody reads. */
const record = (messageId: string, body: string, { receives = 1, sentAtMs = NOW } = {}) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAtMs),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(sentAtMs),
  },
  messageAttributes: {},
  md5OfBody: 'md5',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
  awsRegion: 'us-east-1',
});

const batchOf = (...Records: readonly object[]) => ({ Records });

/** Messages `a`, `b`, … with their own name as the body. */
const named = (...names: string[]) => batchOf(...names.map((name) => record(name, JSON.stringify({ name }))));

const parse = jsonBody(z.object({ name: z.string() }));

function createWorker(
  run: (name: string) => Promise<void>,
  options: { reserveMs?: number; sideBySide?: number } = {},
) {
  let nowMs = NOW;
  const logs: { level: string; message: LogMessage; fields: LogFields; error?: unknown }[] = [];
  const measures: BatchMeasure[] = [];
  const hidden: [receiptHandle: string, seconds: number][] = [];
  const handler = queueHandler({
    logger: {
      info: (message, fields = {}) => logs.push({ level: 'info', message, fields }),
      error: (message, fields = {}, error) => logs.push({ level: 'error', message, fields, error }),
    },
    metrics: { record: (measure) => measures.push(measure) },
    nowMs: () => nowMs,
    hide: async (receiptHandle, seconds) => {
      hidden.push([receiptHandle, seconds]);
    },
    parse,
    run: ({ name }) => run(name),
    ...options,
  });
  const work = async (event: unknown, context = LONG) =>
    (await handler(event, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { work, logs, measures, pass, hidden };
}

describe('the worker of a queue', () => {
  it('runs every message once and fails none', async () => {
    const seen: string[] = [];
    const { work, logs, measures } = createWorker(async (name) => void seen.push(name));
    expect(await work(named('a', 'b', 'c'))).toEqual([]);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(logs).toEqual([]);
    expect(measures).toEqual([{ messages: 3, failures: 0, oldestAgeMs: 0 }]);
  });

  it('fails a message that fails, says which, how often it was shown and why, and takes no other with it', async () => {
    const broken = new Error('broken');
    const { work, logs } = createWorker(async (name) => {
      if (name === 'b') throw broken;
    });
    const records = named('a', 'b', 'c').Records;
    const event = batchOf(...records, record('b2', '{"name":"b"}', { receives: 4 }));
    expect(await work(event)).toEqual(['b', 'b2']);
    expect(logs).toMatchObject([
      { level: 'error', fields: { messageId: 'b', receiveCount: 1 }, error: broken },
      { level: 'error', fields: { messageId: 'b2', receiveCount: 4 }, error: broken },
    ]);
    expect(logs[0]?.message.code).toBe('MESSAGE_FAILED');
  });

  it.each([
    ['{', 'not JSON'],
    ['{"name":7}', 'name: '],
    ['null', 'body: '],
    ['{}', 'name: '],
  ])('fails the body %s alone, and quotes nothing of it', async (body, reason) => {
    const seen: string[] = [];
    const { work, logs } = createWorker(async (name) => void seen.push(name));
    const event = batchOf(record('poison', body), ...named('a').Records);
    expect(await work(event)).toEqual(['poison']);
    expect(seen).toEqual(['a']);
    const error = logs[0]?.error;
    expect(error).toBeInstanceOf(MalformedMessageError);
    expect(String(error)).toContain(reason);
  });

  it('never repeats what a body says', () => {
    const secret = 'hf_secret';
    for (const body of [`{"name":"${secret}`, `{"name":{"${secret}":1}}`, secret]) {
      expect(() => parse(body)).toThrow(MalformedMessageError);
      expect(() => parse(body)).not.toThrow(secret);
    }
  });

  it('runs a few side by side and no more', async () => {
    let running = 0;
    let most = 0;
    const { work } = createWorker(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    });
    expect(await work(named(...'abcdefghijklmnopqrst'))).toEqual([]);
    expect(most).toBe(5);
  });

  it('runs as many side by side as it is told: a slow one holds up no other', async () => {
    const gates = new Map<string, () => void>();
    const { work } = createWorker((name) => new Promise((resolve) => gates.set(name, resolve)), {
      sideBySide: 10,
    });
    const answer = work(named(...'abcdefgh'));
    await new Promise(setImmediate);
    expect(gates.size).toBe(8);
    for (const open of gates.values()) open();
    expect(await answer).toEqual([]);
  });

  it('has a message that failed shown again soon, and later each time', async () => {
    const { work, hidden } = createWorker(async (name) => {
      if (name !== 'good') throw new Error('broken');
    });
    const bad = (receives: number) => record(`bad ${receives}`, '{"name":"bad"}', { receives });
    await work(batchOf(...named('good').Records, bad(1), bad(2), bad(5), bad(50)));
    expect(hidden).toEqual([
      ['handle of bad 1', 1],
      ['handle of bad 2', 2],
      ['handle of bad 5', 16],
      ['handle of bad 50', 60],
    ]);
  });

  it('begins none near the end of its time, but always the first', async () => {
    const seen: string[] = [];
    const { work, logs, measures, pass } = createWorker(
      async (name) => {
        seen.push(name);
        pass(8_000);
      },
      { reserveMs: 10_000 },
    );
    const context = { getRemainingTimeInMillis: () => 25_000 };
    expect(await work(named('a', 'b', 'c', 'd'), context)).toEqual(['c', 'd']);
    expect(seen).toEqual(['a', 'b']);
    expect(logs).toMatchObject([
      { level: 'info', message: { code: 'MESSAGES_POSTPONED' }, fields: { count: 2 } },
    ]);
    expect(measures).toMatchObject([{ messages: 4, failures: 2 }]);
    const late = { getRemainingTimeInMillis: () => 1_000 };
    expect(await work(named('e', 'f'), late)).toEqual(['f']);
  });

  it('measures the age of the oldest message, whatever clock the queue has', async () => {
    const { work, measures } = createWorker(async () => undefined);
    const old = record('old', '{"name":"a"}', { sentAtMs: NOW - 7_000 });
    await work(batchOf(record('new', '{"name":"a"}', { sentAtMs: NOW - 1_000 }), old));
    await work(batchOf(record('ahead', '{"name":"a"}', { sentAtMs: NOW + 5_000 })));
    expect(measures.map(({ oldestAgeMs }) => oldestAgeMs)).toEqual([7_000, 0]);
  });

  it('has nothing to say of an empty batch, and throws for what is none', async () => {
    const { work, measures } = createWorker(async () => undefined);
    expect(await work(batchOf())).toEqual([]);
    expect(measures).toEqual([]);
    await expect(work({ records: [] })).rejects.toThrow();
  });

  it('writes its metrics as one line', () => {
    let written = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
    createQueueMetrics('orders').record({ messages: 3, failures: 1, oldestAgeMs: 12 });
    expect(JSON.parse(written)).toMatchObject({
      service: 'orders',
      Messages: 3,
      MessageFailures: 1,
      OldestMessageAge: 12,
      _aws: { CloudWatchMetrics: [{ Namespace: 'Holdfast', Dimensions: [['service']] }] },
    });
  });
});

describe('a message of the order queue', () => {
  const message = { tenantId: 'acme', reservationId: 'us-east-1.a.b', version: 2 };

  it('is read, whatever else it says', () => {
    expect(readOrderMessage(JSON.stringify({ ...message, id: 'x' }))).toEqual(message);
  });

  it.each([
    [{ ...message, tenantId: '' }],
    [{ ...message, reservationId: undefined }],
    [{ ...message, version: 0 }],
    [{ ...message, version: '2' }],
  ])('is malformed as %j', (malformed) => {
    expect(() => readOrderMessage(JSON.stringify(malformed))).toThrow(MalformedMessageError);
  });
});
