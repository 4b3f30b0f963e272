/**
 * What an operation costs at the database is what `lib/cost/units.ts` says: measured with skus that nothing else
 * happens to, so that no write of the read model is shared by several changes. A busy sku costs less.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAPPED_UNITS, IDLE_LOOK_UNITS, type OperationName, unitsOf } from '../../lib/cost/units.ts';
import { type Spent, UnitMeter } from './spent-units.ts';
import { Caller, startTestStack, stockUp, type TestStack } from './stack.ts';

const TIMES = 20;
/** Reads are answered from memory for a second. */
const READS = 5;
const MEMORY_MS = 1_100;
const LINES = [1, 3] as const;

/**
 * What the stream makes of a change depends on how changes fall into batches, and a look of the sweep more or less is
 * a write unit and 11 read units in twenty operations.
 */
const WRITES_TOLERANCE = 0.35;
const READS_TOLERANCE = 1;

let test: TestStack;
let meter: UnitMeter;
const measured = new Map<string, Spent>();

const skusOf = (index: number, lines: number): string[] =>
  Array.from({ length: lines }, (_, line) => `UNIT-${index * 3 + line}`);

const cart = (index: number, lines: number, ttlSeconds: number) => ({
  lines: skusOf(index, lines).map((sku) => ({ sku, quantity: 1 })),
  ttlSeconds,
  reference: `cart-${index}`,
});

async function holdAll(shop: Caller, lines: number, ttlSeconds: number) {
  const ids: string[] = [];
  const hold = async (index: number) => {
    const { body } = await shop.expect(201, 'POST /reservations', cart(index, lines, ttlSeconds));
    ids.push(body.reservationId);
  };
  return { spent: await meter.each(TIMES, hold), ids };
}

async function measureOrders(shop: Caller, lines: number): Promise<void> {
  const of = (name: string) => `${name} ${lines}`;
  const first = await holdAll(shop, lines, 3_600);
  measured.set(of('hold'), first.spent);
  const path = (ids: readonly string[], index: number, verb: string) =>
    `POST /reservations/${ids[index]}/${verb}`;
  const confirm = (index: number) =>
    shop.expect(200, path(first.ids, index, 'confirm'), { orderId: `order-${lines}-${index}` });
  measured.set(of('confirm'), await meter.each(TIMES, confirm));
  const ship = (index: number) => shop.expect(200, path(first.ids, index, 'ship'), {});
  measured.set(of('ship'), await meter.each(TIMES, ship));
  const second = await holdAll(shop, lines, 3_600);
  const release = (index: number) => shop.expect(200, path(second.ids, index, 'release'), {});
  measured.set(of('release'), await meter.each(TIMES, release));
  await holdAll(shop, lines, 60);
  measured.set(of('expire'), await meter.eachExpiry(TIMES));
}

/** Holds and releases of a tenant whose open holds are capped: what they cost more than those of one without. */
async function measureCapped(shop: Caller): Promise<void> {
  const { spent, ids } = await holdAll(shop, 1, 3_600);
  measured.set('capped hold', spent);
  const release = (index: number) => shop.expect(200, `POST /reservations/${ids[index]}/release`, {});
  measured.set('capped release', await meter.each(TIMES, release));
}

async function cappedShop(): Promise<Caller> {
  await test.operator.expect(201, 'POST /tenants', { tenantId: 'capped', name: 'Capped', tier: 'standard' });
  const scopes = ['read', 'write', 'admin'];
  const { body } = await test.operator.expect(201, 'POST /tenants/capped/keys', { scopes });
  return new Caller(test.stack.regions[0]?.api ?? '', body.secret);
}

const STOCK = Object.fromEntries(skusOf(0, TIMES * 3).map((sku) => [sku, 100]));

beforeAll(async () => {
  test = await startTestStack();
  meter = new UnitMeter(test);
  await stockUp(test.demo, 'main', STOCK);
  await meter.quiesce();
  for (const lines of LINES) await measureOrders(test.demo, lines);
  const receipt = (index: number) => {
    const [sku] = skusOf(index, 1);
    return test.demo.expect(201, 'POST /movements', {
      type: 'receipt',
      sku,
      locationId: 'main',
      quantity: 1,
    });
  };
  measured.set('receipt 1', await meter.each(TIMES, receipt));
  const look = async (index: number) => {
    await test.demo.expect(200, `GET /stock/${skusOf(index, 1)}`);
    await sleep(MEMORY_MS);
  };
  measured.set('read 1', await meter.each(READS, look));
  measured.set('idle look', await meter.eachIdleLook(20_000));
  const capped = await cappedShop();
  await stockUp(
    capped,
    'main',
    Object.fromEntries(Array.from({ length: TIMES }, (_, i) => [skusOf(i, 1)[0], 100])),
  );
  await meter.quiesce();
  await measureCapped(capped);
}, 300_000);
afterAll(() => test?.stack.stop());

const spentOn = (name: string): Spent => {
  const spent = measured.get(name);
  if (spent === undefined) throw new Error(`${name} was not measured.`);
  return spent;
};

function expectNear(spent: Spent, units: Spent): void {
  const said = JSON.stringify({ spent, units });
  expect(Math.abs(spent.writes - units.writes), `write units: ${said}`).toBeLessThanOrEqual(WRITES_TOLERANCE);
  expect(Math.abs(spent.reads - units.reads), `read units: ${said}`).toBeLessThanOrEqual(READS_TOLERANCE);
}

describe('the database is asked for the units that the cost model counts with', () => {
  const orders = (['hold', 'confirm', 'ship', 'release', 'expire'] as const).flatMap((name) =>
    LINES.map((lines): [OperationName, number] => [name, lines]),
  );
  it.each<[OperationName, number]>([...orders, ['receipt', 1], ['read', 1]])(
    'by %s of %d lines',
    (name, lines) => {
      expectNear(spentOn(`${name} ${lines}`), unitsOf(name, lines));
    },
  );

  it('by a look of the sweep that finds nothing', () => {
    expectNear(spentOn('idle look'), IDLE_LOOK_UNITS);
  });

  it.each(['hold', 'release'] as const)('by %s of a tenant with caps, in addition', (name) => {
    const more = CAPPED_UNITS[name];
    const { writes, reads } = unitsOf(name, 1);
    expectNear(spentOn(`capped ${name}`), { writes: writes + more.writes, reads: reads + more.reads });
  });
});
