import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutletFailure } from '../../lib/adapters/outlets/batched-outlet.ts';
import { createChangeParking } from '../../lib/adapters/sqs/change-parking.ts';
import { createMessageQueue } from '../../lib/adapters/sqs/message-queue.ts';
import type { OrderMessage } from '../../lib/application/ports.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { REGION } from '../support/stored-records.ts';

let server: FauxqsServer;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: REGION });
});
afterAll(() => server.stop());

const failures: OutletFailure[] = [];

const connectionTo = (name: string) => {
  failures.length = 0;
  // Its address names a host that only the emulator knows: where it is reached, the endpoint says.
  const { queueUrl } = server.createQueue(name, { region: REGION });
  return {
    region: REGION,
    endpoint: server.address,
    credentials: CREDENTIALS,
    queueUrl,
    onFailure: (failure: OutletFailure) => failures.push(failure),
  };
};

const messagesIn = (name: string) => server.inspectQueue(name)?.messages.ready ?? [];

describe('a queue', () => {
  it('has every message that it took, whole', async () => {
    const queue = createMessageQueue(connectionTo('orders'));
    const messages = Array.from({ length: 25 }, (_, index): OrderMessage => {
      const reservationId = `${REGION}.${'0'.repeat(32)}.${String(index).padStart(12, '0')}`;
      return { id: `${reservationId}/2`, tenantId: 'tenant', reservationId, version: 2 };
    });
    expect([...(await queue.send(messages))]).toEqual([]);
    expect(messagesIn('orders').map(({ body }) => JSON.parse(body))).toEqual(messages);
    expect(failures).toEqual([]);
  });

  it('that is not there takes nothing', async () => {
    const connection = connectionTo('there');
    const queue = createMessageQueue({
      ...connection,
      queueUrl: connection.queueUrl.replace('there', 'gone'),
    });
    const message: OrderMessage = { id: 'r/2', tenantId: 'tenant', reservationId: 'r', version: 2 };
    expect([...(await queue.send([message]))]).toEqual(['r/2']);
    expect(failures).toMatchObject([{ what: 'call', count: 1 }]);
  });

  it('keeps parked changes with what is said of them, whatever characters that has', async () => {
    const parking = createChangeParking(connectionTo('changes-dlq'));
    const record = {
      dynamodb: { SequenceNumber: '1', Keys: {}, NewImage: { name: { S: 'Zoë 🎹 \u0007\uFFFF' } } },
    };
    const reason = `TypeError: \u0000\uD800 ${'long 🎹'.repeat(1_000)}`;
    const isParked = await parking.park({ record, recordKey: '', reason });
    expect([failures, isParked]).toEqual([[], true]);
    const [message] = messagesIn('changes-dlq');
    expect(JSON.parse(message?.body ?? '')).toEqual(record);
    expect(message?.messageAttributes).toMatchObject({
      recordKey: { StringValue: '-' },
      reason: { StringValue: expect.stringMatching(/^TypeError: \?\? long /) },
    });
  });
});
