import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryQueue } from '../../lib/adapters/sqs/delivery-queue.ts';
import { CREDENTIALS } from '../support/credentials.ts';

const REGION = 'us-east-1';
/** More than SQS takes at once. */
const MANY = 23;

const messages = Array.from({ length: MANY }, (_, index) => ({
  id: `dlv.us-east-1.1795512600000.${String(index).padStart(32, '0')}`,
  tenantId: 'acme',
  webhookId: 'erp',
}));
const ids = messages.map(({ id }) => id);

describe('the queue of deliveries on SQS', () => {
  let server: FauxqsServer;
  const errors: unknown[] = [];
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  });
  afterAll(() => server.stop());

  const open = (queueUrl: string, endpoint = server.address) =>
    createDeliveryQueue({
      region: REGION,
      queueUrl,
      endpoint,
      credentials: CREDENTIALS,
      report: (error) => errors.push(error),
    });

  it('takes any number of messages', async () => {
    const { queueUrl } = server.createQueue('deliveries', { region: REGION });
    expect(await open(queueUrl).send(messages)).toEqual(new Set());
    const { messages: queued } = server.inspectQueue('deliveries') ?? {
      messages: { ready: [] },
    };
    expect(queued.ready.map(({ body }) => JSON.parse(body))).toEqual(messages);
  });

  it('names what it did not take when there is no queue, or nobody there', async () => {
    const { queueUrl } = server.createQueue('other', { region: REGION });
    expect(await open(`${queueUrl}-gone`).send(messages)).toEqual(new Set(ids));
    expect(await open(queueUrl, 'http://127.0.0.1:1').send(messages.slice(0, 2))).toEqual(
      new Set(ids.slice(0, 2)),
    );
    expect(errors).toMatchObject([
      { name: 'QueueDoesNotExist' },
      { name: 'QueueDoesNotExist' },
      { name: 'QueueDoesNotExist' },
      { code: 'ECONNREFUSED' },
    ]);
  });
});
