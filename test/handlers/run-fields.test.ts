import { afterEach, expect, it, vi } from 'vitest';
import { beginRun } from '../../lambdas/observability/current-run.ts';
import { LOG_MESSAGES } from '../../lambdas/observability/log-messages.ts';
import { createLogger } from '../../lambdas/observability/logger.ts';
import { queueHandler } from '../../lambdas/queue/batch.ts';
import { createApi } from './api.ts';

afterEach(() => {
  vi.restoreAllMocks();
  beginRun(undefined);
});

function capture() {
  const lines: string[] = [];
  const write = (chunk: unknown) => lines.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  return () => lines.map((line) => JSON.parse(line));
}

const record = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: messageId,
  body,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
});

it('every entry of a run names it, also those of adapters that know of no run', () => {
  const entries = capture();
  beginRun({ awsRequestId: 'aws-7' });
  createLogger('complete').error(LOG_MESSAGES.messagesNotTaken, { channel: 'events', count: 1 });
  beginRun(undefined);
  createLogger('complete').info(LOG_MESSAGES.dueWorkCompleted);
  expect(entries()[0]).toMatchObject({ awsRequestId: 'aws-7', channel: 'events' });
  expect(entries()[1]).not.toHaveProperty('awsRequestId');
});

it("a queue's worker says whose message it was, done or failed", async () => {
  const entries = capture();
  await queueHandler({
    logger: createLogger('orders'),
    metrics: { record: () => undefined },
    nowMs: () => 0,
    hide: async () => undefined,
    parse: (body) => JSON.parse(body) as { readonly requestId: string; readonly tenantId: string },
    fieldsOf: (message) => message,
    done: LOG_MESSAGES.orderProcessed,
    run: async ({ requestId }) => {
      if (requestId === 'bad') throw new Error('no');
    },
  })(
    {
      Records: ['good', 'bad'].map((id) => record(id, JSON.stringify({ requestId: id, tenantId: 'acme' }))),
    },
    { awsRequestId: 'aws-9', getRemainingTimeInMillis: () => 60_000 },
  );
  const run = { awsRequestId: 'aws-9', tenantId: 'acme' };
  expect(entries()).toMatchObject([
    { ...run, code: 'ORDER_PROCESSED', requestId: 'good' },
    { ...run, code: 'MESSAGE_FAILED', requestId: 'bad', messageId: 'bad' },
  ]);
});

it("a request's entries name the trace of its caller", async () => {
  const api = createApi();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await api.call('reserveStock', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  expect(api.logs.map(({ fields }) => fields?.traceId)).toEqual([traceId, traceId]);
});
