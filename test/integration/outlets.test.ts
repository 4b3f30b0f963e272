import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { showEvent } from '../../lambdas/events/event-detail.ts';
import { createEventBus } from '../../lib/adapters/eventbridge/event-bus.ts';
import { createLogStream } from '../../lib/adapters/firehose/log-stream.ts';
import type { OutletFailure } from '../../lib/adapters/outlets/batched-outlet.ts';
import { createChangeParking } from '../../lib/adapters/sqs/change-parking.ts';
import { createMessageQueue } from '../../lib/adapters/sqs/message-queue.ts';
import type { LogEntry, Message, OrderMessage, Outlet } from '../../lib/application/ports.ts';
import type { DomainEvent } from '../../lib/domain/event.ts';
import { CREDENTIALS } from '../support/credentials.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { type ScriptedService, type ServiceAnswer, startService } from '../support/scripted-service.ts';
import { movementRecord, REGION } from '../support/stored-records.ts';

type Entry = Readonly<Record<string, string>>;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** How a service is spoken to, and how it says what it has taken. */
interface Service<Sent extends Message> {
  readonly make: (service: ScriptedService, onFailure: (failure: OutletFailure) => void) => Outlet<Sent>;
  readonly message: (id: string) => Sent;
  readonly operation: string;
  readonly perCall: number;
  readonly entriesOf: (body: Record<string, unknown>) => readonly Entry[];
  /** Answers that all entries were taken but those at these places. */
  readonly answer: (entries: readonly Entry[], refused: readonly number[]) => Record<string, unknown>;
}

const connection = (service: ScriptedService) => ({
  region: REGION,
  endpoint: service.endpoint,
  credentials: CREDENTIALS,
  timeoutMs: 2_000,
});

const bus: Service<DomainEvent> = {
  make: (service, onFailure) =>
    createEventBus({ ...connection(service), busName: 'holdfast-test', show: showEvent, onFailure }),
  message: (id) => sampleEvent('stock.received', { id: `evt.${md5(id)}` }),
  operation: 'PutEvents',
  perCall: 10,
  entriesOf: (body) => body['Entries'] as Entry[],
  answer: (entries, refused) => ({
    FailedEntryCount: refused.length,
    Entries: entries.map((_, at) =>
      refused.includes(at)
        ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'busy' }
        : { EventId: `${at}` },
    ),
  }),
};

const queue: Service<OrderMessage> = {
  make: (service, onFailure) =>
    createMessageQueue({ ...connection(service), queueUrl: `${service.endpoint}/1/orders`, onFailure }),
  message: (id) => ({ id, tenantId: 'tenant', reservationId: id, version: 2 }),
  operation: 'SendMessageBatch',
  perCall: 10,
  entriesOf: (body) => body['Entries'] as Entry[],
  answer: (entries, refused) => ({
    Successful: entries
      .filter((_, at) => !refused.includes(at))
      .map(({ Id, MessageBody = '' }) => ({ Id, MessageId: `m${Id}`, MD5OfMessageBody: md5(MessageBody) }))
      // Nobody promises an order.
      .toReversed(),
    Failed: refused.map((at) => ({ Id: entries[at]?.['Id'], Code: 'InternalError', SenderFault: false })),
  }),
};

const log: Service<LogEntry> = {
  make: (service, onFailure) =>
    createLogStream({ ...connection(service), streamName: 'holdfast-test-log', onFailure }),
  message: (id) => ({
    kind: 'movement',
    id,
    tenantId: 'tenant',
    region: REGION,
    atMs: 1,
    movement: movementRecord({ movementId: id }),
  }),
  operation: 'PutRecordBatch',
  perCall: 500,
  entriesOf: (body) => body['Records'] as Entry[],
  answer: (entries, refused) => ({
    FailedPutCount: refused.length,
    RequestResponses: entries.map((_, at) =>
      refused.includes(at) ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: `${at}` },
    ),
  }),
};

const SERVICES = { bus, queue, log } as unknown as Record<string, Service<Message>>;

const messagesOf = ({ message }: Service<Message>, count: number): Message[] =>
  Array.from({ length: count }, (_, index) => message(`m${index}`));

const idsOf = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe.each(Object.entries(SERVICES))('the %s', (_name, kind) => {
  const failures: OutletFailure[] = [];
  const open = async (answer: (entries: readonly Entry[], call: number) => ServiceAnswer) => {
    failures.length = 0;
    const service = await startService((body, call) => answer(kind.entriesOf(body), call));
    return { service, outlet: kind.make(service, (failure) => failures.push(failure)) };
  };

  it('takes messages in batches as large as a call may be', async () => {
    const { service, outlet } = await open((entries) => kind.answer(entries, []));
    const left = await outlet.send(messagesOf(kind, 2 * kind.perCall + 1));
    expect([...left]).toEqual([]);
    expect(service.requests.map(({ operation, body }) => [operation, kind.entriesOf(body).length])).toEqual([
      [kind.operation, kind.perCall],
      [kind.operation, kind.perCall],
      [kind.operation, 1],
    ]);
    expect(failures).toEqual([]);
  });

  it('says which entries of a call it has not taken, and the others are not sent again', async () => {
    const { service, outlet } = await open((entries) => kind.answer(entries, [0, 3]));
    const messages = messagesOf(kind, 5);
    const left = await outlet.send(messages);
    expect([...left]).toEqual([messages[0]?.id, messages[3]?.id]);
    expect(service.requests).toHaveLength(1);
    expect(failures).toMatchObject([{ what: 'entry', count: 2, error: expect.any(Error) }]);
  });

  it('has taken nothing that its answer does not speak of', async () => {
    const { outlet } = await open(() => ({}));
    const messages = messagesOf(kind, 2);
    expect([...(await outlet.send(messages))]).toEqual(idsOf(messages));
  });

  it.each<[string, ServiceAnswer]>([
    ['refuses', { status: 400, type: 'AccessDeniedException' }],
    ['breaks off', 'lose'],
    ['fails twice', { status: 500, type: 'InternalFailure' }],
  ])('takes nothing of a call that it %s, and no more is tried', async (_case, answer) => {
    const { service, outlet } = await open((entries, call) =>
      call === 1 ? kind.answer(entries, []) : answer,
    );
    const messages = messagesOf(kind, 3 * kind.perCall);
    const left = await outlet.send(messages);
    expect([...left]).toEqual(idsOf(messages).slice(kind.perCall));
    // Two attempts at the second batch, at most.
    expect(service.requests.length).toBeLessThanOrEqual(3);
    expect(failures).toMatchObject([{ what: 'call', count: kind.perCall }]);
  });

  it('takes at the second attempt what it failed at once', async () => {
    const { outlet } = await open((entries, call) =>
      call === 1 ? { status: 500, type: 'InternalFailure' } : kind.answer(entries, []),
    );
    expect([...(await outlet.send(messagesOf(kind, 1)))]).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('that never answers is not waited for', async () => {
    const service = await startService(() => 'ignore');
    const outlet = kind.make({ ...service, endpoint: service.endpoint }, (failure) => failures.push(failure));
    const messages = messagesOf(kind, 1);
    expect([...(await outlet.send(messages))]).toEqual(idsOf(messages));
  });
});

describe('what is sent', () => {
  it('is on the bus as events of the service, by their contract', async () => {
    const service = await startService((body) => bus.answer(bus.entriesOf(body), []));
    await bus.make(service, () => undefined).send([bus.message('a')]);
    const [entry] = bus.entriesOf(service.requests[0]?.body ?? {});
    expect(entry).toMatchObject({
      EventBusName: 'holdfast-test',
      Source: 'holdfast',
      DetailType: 'stock.received',
    });
    expect(JSON.parse(entry?.['Detail'] ?? '')).toEqual(showEvent(bus.message('a')).detail);
    expect(Number(entry?.['Time'])).toBe(1_764_000_000);
  });

  it('is never an event that does not fit its contract', async () => {
    const service = await startService((body) => bus.answer(bus.entriesOf(body), []));
    const failures: OutletFailure[] = [];
    const bad = { ...sampleEvent('stock.short'), id: 'odd' } as DomainEvent;
    const left = await bus.make(service, (failure) => failures.push(failure)).send([bad, bus.message('a')]);
    expect([...left]).toEqual(['odd']);
    expect(bus.entriesOf(service.requests[0]?.body ?? {})).toHaveLength(1);
    expect(failures).toMatchObject([{ what: 'message', count: 1 }]);
  });

  it('is split by size too, and one that is too large by itself is not sent', async () => {
    const service = await startService((body) => log.answer(log.entriesOf(body), []));
    const failures: OutletFailure[] = [];
    const large = (id: string, kilobytes: number): LogEntry => {
      const entry = log.message(id);
      return {
        ...entry,
        movement: { ...movementRecord(), reason: 'x'.repeat(kilobytes * 1_024) },
      } as LogEntry;
    };
    const messages = [...Array.from({ length: 9 }, (_, at) => large(`m${at}`, 900)), large('huge', 1_000)];
    const left = await log.make(service, (failure) => failures.push(failure)).send(messages);
    expect([...left]).toEqual(['huge']);
    expect(service.requests.map(({ body }) => log.entriesOf(body).length)).toEqual([4, 4, 1]);
    expect(failures).toMatchObject([{ what: 'message' }]);
  });

  it('is a line of JSON in the log', async () => {
    const service = await startService((body) => log.answer(log.entriesOf(body), []));
    await log.make(service, () => undefined).send([log.message('ä')]);
    const [entry] = log.entriesOf(service.requests[0]?.body ?? {});
    const line = Buffer.from(entry?.['Data'] ?? '', 'base64').toString('utf8');
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual(log.message('ä'));
  });
});

describe('the parking of changes', () => {
  const record = { dynamodb: { SequenceNumber: '1', Keys: {}, NewImage: { a: { S: 'x' } } } };
  const taken = (body: Record<string, unknown>) => ({
    MessageId: 'm',
    MD5OfMessageBody: md5(String(body['MessageBody'])),
  });
  const open = async (answer: (body: Record<string, unknown>) => ServiceAnswer) => {
    const service = await startService(answer);
    const queueUrl = `${service.endpoint}/1/changes-dlq`;
    const parking = createChangeParking({ ...connection(service), queueUrl, onFailure: () => undefined });
    return { service, parking };
  };

  it('keeps the record as it was shown, with the reason and the key beside it', async () => {
    const { service, parking } = await open(taken);
    expect(await parking.park({ record, recordKey: 'a|b', reason: 'TypeError: \u0000' })).toBe(true);
    const { MessageBody, MessageAttributes } = service.requests[0]?.body ?? {};
    expect(JSON.parse(String(MessageBody))).toEqual(record);
    expect(MessageAttributes).toEqual({
      reason: { DataType: 'String', StringValue: 'TypeError: ?' },
      recordKey: { DataType: 'String', StringValue: 'a|b' },
    });
  });

  it('leaves the images out of a record that is too large, and keeps what is no record as it is', async () => {
    const { service, parking } = await open(taken);
    const images = { OldImage: { a: { S: 'x'.repeat(1_000_000) } } };
    await parking.park({
      record: { dynamodb: { ...record.dynamodb, ...images } },
      recordKey: '',
      reason: '',
    });
    await parking.park({ record: 'nothing', recordKey: '', reason: 'no record' });
    const bodies = service.requests.map(({ body }) => String(body['MessageBody']));
    expect(bodies).toEqual(['{"dynamodb":{"SequenceNumber":"1","Keys":{}}}', 'nothing']);
  });

  it.each<ServiceAnswer>([{ status: 500, type: 'InternalFailure' }, 'lose'])(
    'says so when it cannot: %j',
    async (answer) => {
      const { parking } = await open(() => answer);
      expect(await parking.park({ record, recordKey: 'a|b', reason: 'x' })).toBe(false);
    },
  );
});
