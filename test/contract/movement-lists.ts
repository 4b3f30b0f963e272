import { expect, it } from 'vitest';
import type { MovementQuery } from '../../lib/application/ports.ts';
import type { Movement } from '../../lib/domain/movement.ts';
import { type Named, storeAll } from '../support/guarded-writes.ts';
import { allPages } from '../support/pages.ts';
import { freshTenant, movementRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

/** Enough to be in every shard of a location's ledger. */
const MANY = 24;
const LOCATIONS = ['north', 'south'];
const SKUS = ['shirt', 'shoe', 'sock'];

const movement = (given: Partial<Movement>): Named => ['movement', movementRecord(given)];
const idsOf = (movements: readonly Movement[]) => movements.map(({ movementId }) => movementId);

/** A ledger of three skus at two locations; two movements share each millisecond. */
const ledger = (tenantId: string): Movement[] =>
  Array.from({ length: MANY }, (_, index) =>
    movementRecord({
      tenantId,
      sku: SKUS[index % 3] ?? '',
      locationId: LOCATIONS[index % 2] ?? '',
      occurredAtMs: 1_000 + Math.floor(index / 2),
      movementId: `m${String(index).padStart(2, '0')}`,
      delta: index - 10,
    }),
  );

type Filter = Omit<MovementQuery, 'tenantId'>;

/** What a query must find: the definition, in one line. */
const expected = (movements: readonly Movement[], { sku, locationId, fromMs = 0, toMs = 9_999 }: Filter) =>
  idsOf(
    movements.filter(
      (entry) =>
        (sku ?? entry.sku) === entry.sku &&
        (locationId ?? entry.locationId) === entry.locationId &&
        entry.occurredAtMs >= fromMs &&
        entry.occurredAtMs <= toMs,
    ),
  ).reverse();

const FILTERS: readonly Filter[] = [
  { sku: 'shirt' },
  { sku: 'shirt', fromMs: 1_003 },
  { sku: 'shirt', toMs: 1_006 },
  { sku: 'shirt', fromMs: 1_003, toMs: 1_006 },
  { sku: 'shirt', fromMs: 1_006, toMs: 1_003 },
  { locationId: 'north' },
  { locationId: 'north', fromMs: 1_003, toMs: 1_009 },
  { locationId: 'north', fromMs: 1_009, toMs: 1_003 },
  { sku: 'shoe', locationId: 'south' },
  { sku: 'shoe', locationId: 'south', fromMs: 1_002, toMs: 1_008 },
  { sku: 'sock', locationId: 'west' },
  { sku: 'unknown' },
  { locationId: 'unknown' },
];

export function testMovementLists(open: OpenStore): void {
  it.each(FILTERS.map((filter) => ({ filter, text: JSON.stringify(filter) })))(
    'lists movements newest first: $text',
    async ({ filter }) => {
      const store = open();
      const tenantId = freshTenant();
      const movements = ledger(tenantId);
      await storeAll(store, ...movements.map(movement));
      const found = expected(movements, filter);
      for (const limit of [1, 3, MANY]) {
        const pages = await allPages(limit, (page) => store.listMovements({ tenantId, ...filter }, page));
        expect(pages.flatMap(idsOf)).toEqual(found);
        expect(pages.every((page) => page.length <= limit)).toBe(true);
      }
    },
  );

  it('lists whole movements', async () => {
    const store = open();
    const tenantId = freshTenant();
    const entry = movementRecord({ tenantId, reason: 'found', reference: 'PO-1', type: 'adjustment' });
    await storeAll(store, movement(entry));
    const { sku, locationId } = entry;
    for (const filter of [{ sku }, { locationId }, { sku, locationId }]) {
      const { items } = await store.listMovements({ tenantId, ...filter }, { limit: 9 });
      expect(items).toEqual([entry]);
    }
  });

  it('refuses, as a bug, a list of neither a sku nor a location', async () => {
    const list = open().listMovements({ tenantId: freshTenant() }, { limit: 9 });
    await expect(list).rejects.toThrow('a sku or a location');
  });

  it('lists and sums the movements of its tenant only', async () => {
    const store = open();
    const [mine, other] = [freshTenant(), freshTenant()];
    await storeAll(store, movement({ tenantId: mine, movementId: 'mine' }), movement({ tenantId: other }));
    const { sku, locationId } = movementRecord();
    for (const filter of [{ sku }, { locationId }, { sku, locationId }]) {
      const { items } = await store.listMovements({ tenantId: mine, ...filter }, { limit: 9 });
      expect(idsOf(items)).toEqual(['mine']);
    }
    expect(await store.ledgerSums(mine, sku)).toEqual(new Map([[locationId, 1]]));
  });

  it('sums the deltas of a sku by location', async () => {
    const store = open();
    const tenantId = freshTenant();
    const movements = ledger(tenantId);
    await storeAll(store, ...movements.map(movement));
    for (const sku of SKUS) {
      const sums = new Map<string, number>();
      for (const { locationId, delta } of movements.filter((entry) => entry.sku === sku)) {
        sums.set(locationId, (sums.get(locationId) ?? 0) + delta);
      }
      expect(await store.ledgerSums(tenantId, sku)).toEqual(sums);
    }
    expect(await store.ledgerSums(tenantId, 'unknown')).toEqual(new Map());
  });
}
