import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../lib/application/ports.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import {
  commitOf,
  KEY_HASHES,
  LOCATIONS,
  ORDERS,
  type Owner,
  REFERENCES,
  SKUS,
} from './guarded-write-arbitraries.ts';

/** Side by side: DynamoDB Local waits more than it works. */
const LANES = 4;
/** Of about 45 operations each, so that chance never leaves fewer than are asked for below. */
const RUNS = 480;
const COMMITS_MAX = 40;
const OPERATIONS_MIN = 20_000;
/** Later than everything that is due. */
const AFTER_ALL_MS = 1_000;
const PAGE = { limit: 100 };

/** Tells of each call of a store. */
const counting = (store: Store, count: () => void): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method: unknown = target[name];
      if (typeof method === 'function') count();
      return method;
    },
  });

/** All that can be read of a tenant, by every read of the port. */
async function everything(store: Store, { tenantId }: Owner): Promise<unknown> {
  const list = <Answer>(values: readonly string[], read: (value: string) => Promise<Answer>) =>
    Promise.all(values.map(read));
  return {
    skus: await list(SKUS, (sku) => store.readSku(tenantId, sku, 'strong')),
    locations: await store.locations(tenantId),
    siblings: await list(KEY_HASHES, (keyHash) => store.siblings(tenantId, keyHash)),
    receipts: await list(KEY_HASHES, (keyHash) => store.receipts(tenantId, keyHash)),
    claims: await list(SKUS, (sku) => store.claimsOn(tenantId, sku)),
    claimsSeen: await list(SKUS, (sku) => store.claimsSeen(tenantId, sku)),
    sums: await list(SKUS, (sku) => store.ledgerSums(tenantId, sku)),
    due: await store.dueWork(AFTER_ALL_MS),
    dueEarlier: await store.dueWork(10),
    products: await store.listProducts(tenantId, '', PAGE),
    movements: await list(SKUS, (sku) => store.listMovements({ tenantId, sku }, PAGE)),
    movementsAt: await list(LOCATIONS, (locationId) => store.listMovements({ tenantId, locationId }, PAGE)),
    reservations: await store.listReservations({ tenantId }, PAGE),
    references: await list(REFERENCES, (reference) => store.listReservations({ tenantId, reference }, PAGE)),
    orders: await list(ORDERS, (orderId) => store.reservationsOfOrder(tenantId, orderId)),
    recorded: await list(ORDERS, (orderId) => store.ordersUnder(tenantId, orderId)),
  };
}

describe('the two stores', () => {
  let database: LocalDatabase;
  let runs = 0;

  beforeAll(async () => {
    database = await startLocalDatabase();
  });
  afterAll(() => database.stop());

  /** Each run has a tenant and a region of its own: they share the table. */
  const nextOwner = (): Owner => {
    runs += 1;
    return { tenantId: `tenant-${runs}`, region: `region-${runs}` };
  };
  const PLACEHOLDER: Owner = { tenantId: 'TENANT', region: 'REGION' };

  /** Commits are generated for a placeholder, so that a failing run can be shrunk and replayed as any owner. */
  const ownedBy = <Value>({ tenantId, region }: Owner, value: Value): Value =>
    JSON.parse(
      JSON.stringify(value).replaceAll(PLACEHOLDER.tenantId, tenantId).replaceAll(PLACEHOLDER.region, region),
    );

  it('answer the same to the same operations, and hold the same afterwards', {
    timeout: 300_000,
  }, async () => {
    const counts = { committed: 0, refused: 0, reads: 0 };
    const commits = fc.array(commitOf(PLACEHOLDER), { minLength: 1, maxLength: COMMITS_MAX, size: 'max' });
    const property = fc.asyncProperty(commits, async (generated) => {
      const owner = nextOwner();
      const real = database.open({ region: owner.region });
      const simulated = new MemoryStore(owner.region);
      for (const writes of ownedBy(owner, generated)) {
        const answer = await real.commit(writes);
        expect(answer).toEqual(await simulated.commit(writes));
        counts[answer.outcome === 'committed' ? 'committed' : 'refused'] += 1;
      }
      const counted = counting(real, () => {
        counts.reads += 1;
      });
      expect(await everything(counted, owner)).toEqual(await everything(simulated, owner));
      real.close();
    });
    // A failure prints the seed and the shortest commits that show it.
    const lanes = Array.from({ length: LANES }, () => fc.assert(property, { numRuns: RUNS / LANES }));
    await Promise.all(lanes);
    // Commits that are nearly all refused, or never, would prove little.
    expect(counts.committed).toBeGreaterThan(RUNS);
    expect(counts.refused).toBeGreaterThan(RUNS);
    expect(counts.committed + counts.refused + counts.reads).toBeGreaterThan(OPERATIONS_MIN);
  });
});
