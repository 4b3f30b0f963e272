import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { webhookQueueHandler } from '../../lambdas/queue/webhook-batch.ts';

const record = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  receiptHandle: 'handle',
});

function open(handle: (message: { readonly id: string }) => Promise<void>) {
  const codes: string[] = [];
  const errors: unknown[] = [];
  const logger = {
    info: () => undefined,
    error: ({ code }: { code: string }, _fields?: object, error?: unknown) => {
      codes.push(code);
      errors.push(error);
    },
  };
  const schema = z.object({ id: z.string() });
  return { handler: webhookQueueHandler({ logger, schema, handle }), codes, errors };
}

describe('a batch of messages', () => {
  it('is done but for those that fail or cannot be read', async () => {
    const done: string[] = [];
    const { handler, codes } = open(async ({ id }) => {
      if (id === 'bad') throw new Error('no');
      done.push(id);
    });
    const Records = [record('1', { id: 'a' }), record('2', '{'), record('3', { id: 'bad' }), record('4', {})];
    expect(await handler({ Records: [...Records, record('5', { id: 'b' })] })).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }, { itemIdentifier: '4' }],
    });
    expect(done).toEqual(['a', 'b']);
    expect(codes).toEqual(['MESSAGE_FAILED', 'MESSAGE_FAILED', 'MESSAGE_FAILED']);
  });

  it('is handled side by side: a slow one holds up no other', async () => {
    const gates = new Map<string, () => void>();
    const { handler } = open(({ id }) => new Promise((resolve) => gates.set(id, resolve)));
    const answer = handler({ Records: [record('1', { id: 'slow' }), record('2', { id: 'quick' })] });
    expect([...gates.keys()]).toEqual(['slow', 'quick']);
    for (const open of gates.values()) open();
    expect(await answer).toEqual({ batchItemFailures: [] });
  });

  it('that cannot be read is not quoted in the log', async () => {
    const { handler, errors } = open(async () => undefined);
    await handler({ Records: [record('1', 'a secret'), record('2', { id: ['a secret'] })] });
    expect(errors).toHaveLength(2);
    expect(errors.map(String).join()).not.toContain('secret');
  });

  it('that is no batch is a bug', async () => {
    await expect(open(async () => undefined).handler({})).rejects.toThrow('Records');
  });
});
