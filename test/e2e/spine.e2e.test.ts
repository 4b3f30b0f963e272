/** What becomes of changes when something on their way is down, poisoned or false. */

import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  advance,
  busEvents,
  checkContract,
  distinctEvents,
  figuresOf,
  openDatabase,
  park,
  pauseSources,
  quiesce,
  runTool,
  until,
} from './spine.ts';
import { startTestStack, stockUp, type TestStack } from './stack.ts';

const SKUS = ['one', 'two', 'three'];
/** An eventual answer is a few seconds old at most. */
const FRESH_MS = 10_000;
const STALE_MS = 20_000;
/** The sweep sends again what was not taken with longer and longer pauses, up to some minutes. */
const RESENT_WITHIN_MS = 20 * 60_000;
const REFUSED = { operation: 'PutEvents', rate: 1, kind: 'error_500' };
const REFUSED_IN_PART = { operation: 'PutEvents', rate: 0.3, kind: 'partial' };

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
  await stockUp(test.demo, 'hall', Object.fromEntries(SKUS.map((sku) => [sku, 50])));
  await quiesce(test);
}, 120_000);
afterAll(() => test?.stack.stop());

const hold = async (lines: object[]): Promise<string> =>
  (await test.demo.expect(201, 'POST /reservations', { lines })).body.reservationId;
const act = (id: string, action: string, body: object = {}) =>
  test.demo.expect(200, `POST /reservations/${id}/${action}`, body);
const stockOf = async (sku: string, consistency: string) =>
  (await test.demo.expect(200, `GET /stock/${sku}?consistency=${consistency}`)).body;

/** Everything that shoppers and warehouses do, some of each. @returns what must be told of each reservation. */
async function trade(): Promise<Map<string, string[]>> {
  const told = new Map<string, string[]>();
  for (const sku of SKUS) {
    const lines = [{ sku, quantity: 2 }];
    const [kept, released, confirmed, shipped] = [
      await hold(lines),
      await hold(lines),
      await hold(lines),
      await hold([...lines, { sku: sku === 'one' ? 'two' : 'one', quantity: 1 }]),
    ];
    await act(released, 'release');
    for (const id of [confirmed, shipped]) await act(id, 'confirm', { orderId: `order-of-${id}` });
    await act(shipped, 'ship');
    await act(confirmed, 'cancel');
    const movement = { sku, locationId: 'hall' };
    await test.demo.expect(201, 'POST /movements', { ...movement, type: 'receipt', quantity: 3 });
    await test.demo.expect(201, 'POST /movements', { ...movement, type: 'write_off', quantity: 1 });
    told.set(kept, ['held 1']);
    told.set(released, ['held 1', 'released 2']);
    told.set(confirmed, ['held 1', 'confirmed 2', 'cancelled 3']);
    told.set(shipped, ['held 1', 'confirmed 2']);
  }
  return told;
}

async function expectTold(told: ReadonlyMap<string, readonly string[]>, order: 'kept' | 'any') {
  const events = distinctEvents(await busEvents(test.control));
  for (const event of events) checkContract(event);
  for (const [id, expected] of told) {
    const own = events
      .filter(({ detail }) => detail.subject === id)
      .map(({ detailType, detail }) => `${detailType.replace('reservation.', '')} ${detail.sequence}`);
    expect(order === 'kept' ? own : own.toSorted()).toEqual(
      order === 'kept' ? expected : expected.toSorted(),
    );
    if (!expected.includes('confirmed 2')) continue;
    expect(events.filter(({ detail }) => detail.subject === `order-of-${id}`)).toMatchObject([
      { detailType: 'order.accepted' },
    ]);
  }
}

async function expectAtRest(): Promise<void> {
  for (const sku of SKUS) {
    expect(figuresOf(await stockOf(sku, 'eventual'))).toEqual(figuresOf(await stockOf(sku, 'strong')));
    const audit = await test.demo.expect(200, `GET /audit?sku=${sku}`);
    expect(audit.body).toMatchObject({ ok: true, stable: true, violations: [] });
  }
}

const ageMs = async () => {
  const { body } = await test.control.expect(200, 'GET /state');
  return Date.parse(body.clock.now) - Date.parse((await stockOf('one', 'eventual')).asOf);
};

describe('a consumer that stood still', () => {
  it('brings everything, once and in order, when it goes on', async () => {
    await pauseSources(test, 'ChangeStream', true);
    const told = await trade();
    await advance(test, STALE_MS);
    expect(await ageMs()).toBeGreaterThanOrEqual(STALE_MS);
    expect(figuresOf(await stockOf('one', 'eventual'))).not.toEqual(
      figuresOf(await stockOf('one', 'strong')),
    );
    await pauseSources(test, 'ChangeStream', false);
    await quiesce(test);
    await expectTold(told, 'kept');
    await expectAtRest();
    await until('the answer is fresh', 30_000, async () => (await ageMs()) < FRESH_MS);
  }, 120_000);
});

describe('a bus that is down', () => {
  it.each([REFUSED, REFUSED_IN_PART])(
    'loses nothing: $kind',
    async (fault) => {
      await test.control.expect(200, 'POST /faults', fault);
      const before = (await busEvents(test.control)).length;
      const told = await trade();
      for (const id of told.keys()) {
        if (!told.get(id)?.includes('confirmed 2')) continue;
        const path = `GET /orders/order-of-${id}`;
        await until('the order is accepted', 30_000, async () => {
          return (await test.demo.expect(200, path)).body.status === 'accepted';
        });
      }
      if (fault.rate === 1) expect((await busEvents(test.control)).length).toBe(before);
      await test.control.expect(200, 'DELETE /faults');
      await advance(test, RESENT_WITHIN_MS);
      await quiesce(test);
      // The holds have expired meanwhile, and so has been told of that too.
      for (const [id, expected] of told) if (expected.length === 1) told.set(id, ['held 1', 'expired 2']);
      await expectTold(told, 'any');
      await expectAtRest();
    },
    180_000,
  );
});

describe('a change that cannot be read', () => {
  it('is parked with its reason, holds up nothing, and is parked again by a redrive while it is poison', async () => {
    const { client, tables } = await openDatabase(test);
    const control = ['--control', test.stack.control];
    const Key = { pk: 'T#demo#RES#00000000000000000000000000000000', sk: 'RESERVATION#us-east-1' };
    await client.send(new PutCommand({ TableName: tables.records, Item: { ...Key, version: 'none' } }));
    const told = await trade();
    await quiesce(test);
    await expectTold(told, 'kept');
    const listed = await runTool('dlq', 'list', ...control);
    const parked = listed.json.queues.find(({ queue }: { queue: string }) => queue.endsWith('changes-dlq'));
    expect(parked).toMatchObject({ depth: 1 });
    const shown = await runTool('dlq', 'show', 'changes-dlq', ...control);
    expect(shown.json.messages).toMatchObject([{ reason: expect.stringContaining('malformed') }]);
    expect(shown.output).toContain(Key.pk);
    // Still poison: it comes back, with its reason.
    const { body: queues } = await test.control.expect(200, 'GET /queues');
    for (const { name, deadLetter } of queues)
      expect([name, deadLetter]).toEqual([name, name.endsWith('-dlq')]);
    expect((await runTool('dlq', 'redrive', 'changes-dlq', ...control)).code).toBe(0);
    await quiesce(test);
    const again = await runTool('dlq', 'list', '--check', ...control);
    expect(again.code).toBe(1);
    await client.send(new DeleteCommand({ TableName: tables.records, Key }));
    client.destroy();
  }, 120_000);
});

describe('a change that was parked', () => {
  it('is told of by the same event once it is redriven', async () => {
    const id = await hold([{ sku: 'three', quantity: 1 }]);
    await quiesce(test);
    const { client, tables } = await openDatabase(test);
    const [region, keyHash] = id.split('.');
    const Key = { pk: `T#demo#RES#${keyHash}`, sk: `RESERVATION#${region}` };
    const { Item } = await client.send(new GetCommand({ TableName: tables.records, Key }));
    client.destroy();
    expect(Item).toBeDefined();
    const record = {
      eventID: '0123456789abcdef0123456789abcdef',
      eventName: 'INSERT',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
        Keys: marshall(Key),
        NewImage: marshall(Item, { removeUndefinedValues: true }),
        SequenceNumber: '1',
      },
    };
    await park(test, record);
    const redriven = await runTool('dlq', 'redrive', 'changes-dlq', '--control', test.stack.control);
    expect(redriven.code, redriven.output).toBe(0);
    await quiesce(test);
    const told = (await busEvents(test.control)).filter(({ detail }) => detail.subject === id);
    expect(told).toHaveLength(2);
    expect(told[1]?.detail).toEqual(told[0]?.detail);
  }, 60_000);
});

describe('the tools of operators', () => {
  it('find nothing at rest, and mend a rollup that was falsified', async () => {
    const { client, tables } = await openDatabase(test);
    const flags = ['--control', test.stack.control];
    const right = await runTool('rebuild', ...flags, '--dry-run');
    expect([right.code, right.json.differing]).toEqual([0, []]);
    const Key = { pk: 'T#demo#SKU#one', sk: 'ROLLUP' };
    const { Item } = await client.send(new GetCommand({ TableName: tables.readModel, Key }));
    const [stock] = Item?.['stocks'] ?? [];
    const stocks = [{ ...stock, onHand: stock.onHand + 7 }];
    await client.send(new PutCommand({ TableName: tables.readModel, Item: { ...Item, stocks } }));
    const wrong = await runTool('rebuild', ...flags, '--dry-run');
    expect([wrong.code, wrong.json.differing]).toMatchObject([1, [{ sku: 'one', outcome: 'wrong' }]]);
    const mended = await runTool('rebuild', ...flags);
    expect([mended.code, mended.json.differing]).toMatchObject([0, [{ sku: 'one', outcome: 'written' }]]);
    client.destroy();
    await advance(test, FRESH_MS);
    await expectAtRest();
  }, 120_000);

  it('agree with the API: the audit, and the log replayed', async () => {
    const api = test.stack.regions[0]?.api ?? '';
    const asDemo = ['--api', api, '--key', test.stack.keys?.demo ?? ''];
    const audited = await runTool('audit', ...asDemo);
    expect(audited.code, audited.output).toBe(0);
    await quiesce(test);
    const { body } = await test.control.expect(200, 'GET /state');
    const replayed = await runTool(
      'log',
      'replay',
      '--from',
      body.analytics.directory,
      '--compare',
      ...asDemo,
    );
    expect(replayed.code, replayed.output).toBe(0);
    expect(replayed.json).toMatchObject({ differences: [], unreadable: { count: 0 } });
    expect(replayed.json.entries).toBeGreaterThan(50);
  }, 120_000);
});
