/** Moving in from another system: opening balances and open reservations. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lines, location, machine, NewHome, product, stock, strong } from './new-home.ts';
import type { Caller } from './stack.ts';

let home: NewHome;

beforeAll(async () => {
  home = await NewHome.open();
}, 120_000);
afterAll(() => home?.close());

const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const HOUSE = [
  location,
  product('LAMP'),
  product('VASE'),
  stock('LAMP', 10),
  stock('VASE', 2),
  {
    kind: 'reservations',
    id: 'c1',
    lines: lines('LAMP', 3),
    expiresAt: later(3_600),
    metadata: { channel: 'web' },
  },
  { kind: 'reservations', id: 'c2', status: 'confirmed', orderId: 'o2', lines: lines('LAMP', 2) },
];

describe('an import', { timeout: 120_000 }, () => {
  it('brings stock, holds with what is left of their time, and orders; the same file again changes nothing', async () => {
    const { key, caller } = await home.newTenant();
    const file = home.write('house.jsonl', HOUSE);
    expect(await home.runImport(file, key)).toMatchObject({
      ok: true,
      rows: 7,
      kinds: { reservations: { imported: 2 } },
    });
    const before = await strong(caller, 'LAMP');
    expect(before).toMatchObject({ onHand: 10, available: 5, held: 3, committed: 2 });

    const again = await home.runImport(file, key);
    expect(again).toMatchObject({ ok: true, problems: [] });
    for (const counts of Object.values(again.kinds)) expect(counts).toMatchObject({ imported: 0 });
    expect(await strong(caller, 'LAMP')).toMatchObject({ onHand: 10, available: 5, held: 3, committed: 2 });
    expect((await caller.expect(200, 'GET /products/LAMP')).body.version).toBe(1);

    const { items } = (await expectListed(caller, 'c1')).body;
    const left = (Date.parse(items[0].expiresAt) - Date.now()) / 1000;
    expect(left).toBeGreaterThan(3_500);
    expect(left).toBeLessThanOrEqual(3_600);
    expect(items[0].metadata).toEqual({ channel: 'web', importedId: 'c1' });
    expect((await caller.expect(200, 'GET /audit?sku=LAMP')).body).toMatchObject({ ok: true, ledgerSum: 10 });
  });

  it('goes on where it was interrupted', async () => {
    const { key, caller } = await home.newTenant();
    const rows = [location, ...Array.from({ length: 60 }, (_, index) => product(`P${index}`))];
    const file = home.write('long.jsonl', [
      ...rows,
      ...rows.slice(1).map((row) => stock((row as { sku: string }).sku, 4)),
    ]);
    let advances = 0;
    const dying = machine();
    const killed = home.runImport(file, key, {
      ...dying,
      progress: {
        ...dying.progress,
        advance: () => {
          advances += 1;
          if (advances === 80) throw new Error('killed');
        },
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const { kinds, ok } = await home.runImport(file, key);
    expect(ok).toBe(true);
    expect(kinds['products']).toMatchObject({ imported: 0, unchanged: 60 });
    expect(kinds['stock']?.unchanged).toBeGreaterThan(0);
    expect(kinds['stock']?.imported).toBeGreaterThan(0);
    expect(await strong(caller, 'P59')).toMatchObject({ onHand: 4 });
    expect(await strong(caller, 'P0')).toMatchObject({ onHand: 4 });
  });

  it('tells bad rows and what differs, overwrites nothing, and brings the rest', async () => {
    const { key, caller } = await home.newTenant();
    await home.runImport(home.write('first.jsonl', HOUSE.slice(0, 4)), key);
    await caller.expect(201, 'POST /movements', {
      type: 'receipt',
      sku: 'VASE',
      locationId: 'north',
      quantity: 1,
    });
    const movements = '/movements?sku=VASE&locationId=north';
    await expect
      .poll(async () => (await caller.call(`GET ${movements}`)).body.items.length, { timeout: 10_000 })
      .toBe(1);
    const report = await home.runImport(
      home.write('second.jsonl', [
        { ...product('LAMP'), name: 'Another lamp' },
        { kind: 'products', sku: 'NO NAME' },
        stock('LAMP', 11),
        stock('VASE', 2),
        stock('NOWHERE', 2),
        { kind: 'reservations', id: 'c9', status: 'confirmed', orderId: 'o9', lines: lines('VASE', 5) },
        product('BOWL'),
      ]),
      key,
    );
    expect(report.problems.map(({ line, became }) => [line, became]).sort()).toEqual([
      [1, 'different'],
      [2, 'failed'],
      [3, 'different'],
      [4, 'different'],
      [5, 'failed'],
      [6, 'different'],
    ]);
    expect(report).toMatchObject({ ok: false, kinds: { products: { imported: 1 } } });
    expect(await strong(caller, 'LAMP')).toMatchObject({ onHand: 10 });
    expect(await strong(caller, 'VASE')).toMatchObject({ onHand: 1, available: 1 });
  });
});

/** Lists are a few seconds late. */
async function expectListed(caller: Caller, reference: string) {
  const list = () => caller.expect(200, `GET /reservations?reference=${reference}`);
  await expect.poll(async () => (await list()).body.items.length, { timeout: 10_000 }).toBe(1);
  return list();
}
