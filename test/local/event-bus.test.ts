import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Resource } from '../../lib/local/template/cloudformation.ts';
import { type Services, startServices } from './fixtures/services.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/shop/Shop-Sold';

const rule = (Targets: object[], EventPattern: object): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventBusName: { Ref: 'Bus' }, EventPattern, Targets },
});
const RESOURCES: Record<string, Resource> = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  Sold: rule(
    [
      {
        Arn: QUEUE,
        Id: 'queue',
        DeadLetterConfig: { Arn: DEAD },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 },
      },
    ],
    { 'detail-type': ['sold', 'sent'] },
  ),
  Told: rule([{ Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Id: 'fn', InputPath: '$.detail' }], {
    detail: { sku: [{ prefix: 'told-' }] },
  }),
};

let services: Services;
const started: Services[] = [];
async function start(options: Parameters<typeof startServices>[1] = {}) {
  services = await startServices(RESOURCES, options);
  started.push(services);
  return services;
}
beforeEach(() => start());
afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of started.splice(0)) await one.stop();
});

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 10 });
const quiet = () => until(() => expect(services.services[0]?.deliveriesWaiting).toBe(0));
const refuse = (name: string) => () => {
  // Like an exception of the SDK.
  throw Object.assign(new Error('refused'), { name, $fault: 'server' });
};
/** The first queue refuses, the dead-letter queue does not. */
const refuseOrders = (name: string) => {
  services.world.onSend = ({ queueArn }) => (queueArn === QUEUE ? refuse(name)() : undefined);
};

describe('an event', () => {
  it('reaches the queue of the rule that it matches, as EventBridge writes it', async () => {
    const { Entries } = await services.put({
      Detail: '{"sku":"a"}',
      Time: new Date(5_000),
      Resources: ['r'],
    });
    await quiet();
    expect(services.messages).toEqual([{ queueArn: QUEUE, body: expect.any(String), attributes: undefined }]);
    expect(JSON.parse(services.messages[0]?.body ?? '')).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'sold',
      source: 'shop',
      account: '000000000000',
      time: '1970-01-01T00:00:05Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { sku: 'a' },
    });
  });

  it('reaches the function of a rule, with the input that the rule says', async () => {
    await services.put({ DetailType: 'other', Detail: '{"sku":"told-1"}' });
    await quiet();
    expect(services.invocations).toEqual([{ sku: 'told-1' }]);
    expect(services.messages).toEqual([]);
  });

  it('that no rule matches, or on another bus, reaches nobody', async () => {
    await services.put({ DetailType: 'lost' }, { EventBusName: 'default' }, { EventBusName: 'nowhere' });
    await quiet();
    expect(services.messages).toEqual([]);
    expect(services.host.log.last).toBe(2);
    expect(services.output).toEqual(['An event sold went to nowhere, which is no bus of us-east-1.']);
  });

  it('may name its bus by ARN', async () => {
    await services.put({ EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/shop' });
    await until(() => expect(services.messages).toHaveLength(1));
  });
});

describe('PutEvents', () => {
  it('fails the entries that are wrong, and takes the others', async () => {
    const answer = await services.put(
      {},
      { Source: '' },
      { DetailType: '' },
      { Detail: '' },
      { Detail: '[]' },
      { Detail: '{' },
      { Source: 'aws.s3' },
      { Detail: '{"sku":"b"}' },
    );
    expect(answer.FailedEntryCount).toBe(6);
    expect(
      answer.Entries?.map(
        ({ EventId, ErrorCode, ErrorMessage }) => EventId?.length ?? [ErrorCode, ErrorMessage],
      ),
    ).toEqual([
      36,
      ['InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
      ['InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.'],
      ['InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['NotAuthorizedForSourceException', 'Not authorized for the source.'],
      36,
    ]);
    await until(() => expect(services.messages).toHaveLength(2));
  });

  it('refuses more than ten entries, none, and a megabyte', async () => {
    await expect(services.put(...Array(11).fill({}))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(services.put()).rejects.toMatchObject({ name: 'ValidationException' });
    const half = { Detail: JSON.stringify({ text: 'x'.repeat(524_280) }) };
    await expect(services.put(half, half)).rejects.toThrow(
      'Total size of the entries in the request is over the limit.',
    );
    expect((await services.put(half)).FailedEntryCount).toBe(0);
  });

  it.each([
    ['throttle', { name: 'ThrottlingException' }, 0],
    ['error_500', { name: 'InternalException', $metadata: { httpStatusCode: 500 } }, 0],
    ['timeout_before', { code: 'ECONNRESET' }, 0],
    ['timeout_after', { code: 'ECONNRESET' }, 1],
  ] as const)('fails on purpose: %s', async (kind, error, events) => {
    services.faults.add({ operation: 'PutEvents', region: 'us-east-1', rate: 1, kind });
    await expect(services.put({})).rejects.toMatchObject(error);
    expect(services.host.log.last).toBe(events);
  });

  it('fails in part on purpose', async () => {
    services.faults.add({ operation: 'PutEvents', region: undefined, rate: 1, kind: 'partial' });
    const { FailedEntryCount = 0, Entries = [] } = await services.put({}, {}, {});
    expect([1, 2]).toContain(FailedEntryCount);
    expect(Entries.filter(({ ErrorCode }) => ErrorCode === 'InternalFailure')).toHaveLength(FailedEntryCount);
    expect(services.host.log.last).toBe(3 - FailedEntryCount);
    expect((await services.put({})).FailedEntryCount).toBe(1);
  });

  it('is not hit by faults of the database', async () => {
    services.faults.add({ operation: '*', region: undefined, rate: 1, kind: 'throttle' });
    expect((await services.put({})).FailedEntryCount).toBe(0);
  });
});

describe('a queue that refuses', () => {
  it('is tried again, and gets the event once it takes it', async () => {
    let tries = 0;
    services.world.onSend = () => {
      tries += 1;
      if (tries < 3) refuse('InternalError')();
    };
    await services.put({});
    await quiet();
    expect([tries, services.messages.length]).toEqual([3, 1]);
  });

  it('is tried as often as the policy says; then the dead-letter queue has the event and the reason', async () => {
    let tries = 0;
    services.world.onSend = ({ queueArn }) => {
      if (queueArn === DEAD) return;
      tries += 1;
      refuse('InternalError')();
    };
    const { Entries } = await services.put({});
    await quiet();
    expect(tries).toBe(3);
    expect(services.messages).toEqual([
      {
        queueArn: DEAD,
        body: expect.stringContaining(Entries?.[0]?.EventId ?? 'none'),
        attributes: {
          RULE_ARN,
          TARGET_ARN: QUEUE,
          ERROR_CODE: 'ERROR_FROM_TARGET',
          ERROR_MESSAGE: 'refused',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          RETRY_ATTEMPTS: '2',
        },
      },
    ]);
  });

  it('is not tried again when it is not there', async () => {
    refuseOrders('QueueDoesNotExist');
    await services.put({});
    await quiet();
    const { ERROR_CODE, RETRY_ATTEMPTS, ...rest } = services.messages[0]?.attributes ?? {};
    expect([ERROR_CODE, RETRY_ATTEMPTS]).toEqual(['NO_RESOURCE', '0']);
    expect(rest).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('may be out of reach', async () => {
    services.world.onSend = ({ queueArn }) => {
      if (queueArn === QUEUE) throw new Error('socket hang up');
    };
    await services.put({});
    await quiet();
    expect(services.messages[0]?.attributes).toMatchObject({ ERROR_CODE: 'CONNECTION_FAILURE' });
  });

  it('is given up when the event is too old', async () => {
    refuseOrders('InternalError');
    services.world.onSend = ({ queueArn }) => {
      if (queueArn === DEAD) return;
      services.clock.advance(3_600_000);
      refuse('InternalError')();
    };
    await services.put({});
    await quiet();
    expect(services.messages[0]?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: '0',
    });
  });

  it('loses what the dead-letter queue does not take either, and that is said', async () => {
    services.world.onSend = refuse('QueueDoesNotExist');
    await services.put({});
    await quiet();
    expect(services.output).toEqual([
      expect.stringMatching(/^Lost event .* does not take it \(refused\)\.$/),
    ]);
  });
});

describe('a function that fails', () => {
  const fails = { kind: 'failed', error: { trace: 'oh no' } } as never;
  const tell = () => services.put({ DetailType: 'other', Detail: '{"sku":"told-1"}' });

  it('is tried again by Lambda, a minute and two later, and is given up', async () => {
    services.world.onInvoke = () => fails;
    await tell();
    for (const tries of [1, 2]) {
      await until(() => expect(services.invocations).toHaveLength(tries));
      // The attempt is noted before it has ended.
      await new Promise(setImmediate);
      services.clock.advance(59_000 * tries);
      await new Promise(setImmediate);
      expect(services.invocations).toHaveLength(tries);
      services.clock.advance(1_000 * tries);
    }
    await quiet();
    expect(services.invocations).toHaveLength(3);
    expect(services.messages).toEqual([]);
    expect(services.output).toEqual([expect.stringMatching(/^Gave up event .* after 3 attempts: oh no$/)]);
  });

  it('is tried at once after a crash of the region', async () => {
    services.world.onInvoke = () =>
      services.invocations.length === 1 ? { kind: 'crashed' } : { kind: 'result', value: 1 };
    await tell();
    await until(() => expect(services.invocations).toHaveLength(1));
    // The note is made before the attempt has ended.
    await until(() => {
      services.services[0]?.wake();
      expect(services.invocations).toHaveLength(2);
    });
    await quiet();
  });

  it('has not failed when it was busy', async () => {
    services.world.onInvoke = () =>
      services.invocations.length < 5 ? { kind: 'throttled' } : { kind: 'result', value: 1 };
    await tell();
    await quiet();
    expect(services.invocations).toHaveLength(5);
  });
});

describe('a region that is stopped', () => {
  it('refuses calls, and delivers after the start what it had taken', async () => {
    await start({ regions: ['us-east-1', 'eu-west-1'] });
    const [own, other] = services.services;
    const inEurope = new EventBridgeClient(services.settingsOf(0, 'eu-west-1'));
    const entry = { Source: 'shop', DetailType: 'sold', Detail: '{}', EventBusName: 'shop' };
    const putInEurope = () => inEurope.send(new PutEventsCommand({ Entries: [entry] }));
    await putInEurope();
    await until(() => expect(services.messages).toHaveLength(1));
    expect(services.host.log.read({ after: 0 }).items).toMatchObject([{ region: 'eu-west-1' }]);
    await other?.stop();
    await expect(putInEurope()).rejects.toThrow();

    let hangs: (() => void) | undefined;
    services.world.onInvoke = () => new Promise((resolve) => (hangs = () => resolve({ kind: 'crashed' })));
    await services.put({ DetailType: 'other', Detail: '{"sku":"told-1"}' });
    await until(() => expect(hangs).toBeDefined());
    await own?.stop();
    await expect(services.put({})).rejects.toThrow();
    hangs?.();
    services.world.onInvoke = () => ({ kind: 'result', value: 1 });
    await own?.open();
    own?.start();
    await quiet();
    expect(services.invocations).toHaveLength(2);
    inEurope.destroy();
  });
});

it('a function that is killed because its region stops has not failed', async () => {
  let killed: (() => void) | undefined;
  services.world.onInvoke = () =>
    new Promise((resolve) => {
      killed = () => resolve({ kind: 'crashed' });
    });
  await services.put({ DetailType: 'other', Detail: '{"sku":"told-1"}' });
  await until(() => expect(killed).toBeDefined());
  const [region] = services.services;
  await region?.stop();
  killed?.();
  await new Promise(setImmediate);
  await region?.dispose();
  const left = Object.values(services.host.undelivered['us-east-1'] ?? {}).flat();
  expect(left).toMatchObject([{ failures: 0, event: { detail: { sku: 'told-1' } } }]);
});

describe('the log', () => {
  const details = (query: object) => {
    const { items, ...rest } = services.host.log.read({ after: 0, ...query });
    return { seen: items.map(({ sequence }) => sequence), ...rest };
  };

  it('shows every event in order, by type and by tenant, page by page', async () => {
    await services.put(
      { Detail: '{"tenantId":"a"}' },
      { Detail: '{"tenantId":"b"}' },
      { DetailType: 'sent' },
    );
    expect(services.host.log.read({ after: 0 }).items[0]).toEqual({
      sequence: 1,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      region: 'us-east-1',
      detailType: 'sold',
      source: 'shop',
      at: expect.stringMatching(/^2\d{3}-.*Z$/),
      detail: { tenantId: 'a' },
    });
    expect(details({})).toEqual({ seen: [1, 2, 3], next: 3, dropped: 0 });
    expect(details({ after: 2 })).toEqual({ seen: [3], next: 3, dropped: 0 });
    expect(details({ after: 7 })).toEqual({ seen: [], next: 7, dropped: 0 });
    expect(details({ detailType: 'sold' })).toEqual({ seen: [1, 2], next: 3, dropped: 0 });
    expect(details({ tenantId: 'b' })).toEqual({ seen: [2], next: 3, dropped: 0 });
  });

  it('answers a thousand at most, and keeps the newest 200,000', () => {
    const event = { id: 'x', 'detail-type': 't', source: 's', detail: {} } as never;
    for (let count = 0; count < 200_010; count++) services.host.log.append('us-east-1', event, 0);
    const first = services.host.log.read({ after: 0 });
    expect(first).toMatchObject({ next: 1_010, dropped: 10 });
    expect(first.items).toHaveLength(1_000);
    expect(first.items[0]?.sequence).toBe(11);
    expect(details({ after: 200_008 })).toEqual({ seen: [200_009, 200_010], next: 200_010, dropped: 0 });
    expect(details({ after: 5, detailType: 'other' })).toEqual({ seen: [], next: 200_010, dropped: 5 });
  });
});

describe('a data directory', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-events-'));
  });
  afterEach(async () => {
    for (const one of started.splice(0)) await one.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps the log with its numbers, and what was not delivered', async () => {
    const first = await start({ dataDir });
    first.world.onSend = refuse('InternalError');
    await first.put({ Detail: '{"n":1}' });
    await first.put({ DetailType: 'lost' });
    expect(first.services[0]?.deliveriesWaiting).toBe(1);
    started.splice(started.indexOf(first), 1);
    await first.stop();

    await start({ dataDir });
    await services.put({ DetailType: 'lost' });
    const kept = services.host.log.read({ after: 0 }).items;
    expect(kept.map(({ sequence, detail }) => [sequence, detail])).toEqual([
      [1, { n: 1 }],
      [2, {}],
      [3, {}],
    ]);
    await quiet();
    expect(services.messages.map(({ body }) => JSON.parse(body).detail)).toEqual([{ n: 1 }]);
  });
});
