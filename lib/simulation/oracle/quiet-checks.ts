/** What must be so once everything is up and quiet: nothing is on its way, nothing is left undone. */
import type { Location, Product } from '../../domain/catalogue.ts';
import type { EntityName } from '../../domain/entities.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Balances } from './balances.ts';

const REPLICATED: readonly EntityName[] = [
  'product',
  'stock',
  'quota',
  'grant',
  'acceptance',
  'reservation',
  'shipment',
  'movement',
  'movementReceipt',
  'order',
];

/** A hold's units are back within a minute of its expiry. */
const EXPIRY_GRACE_MS = 60_000;

/** A stream brings a record within seconds when nothing is in its way. */
const STREAM_LAG_MAX_MS = 60_000;

/** Replicas share the records they received, so alike is the same. */
function differences(stores: readonly MemoryStore[]): string[] {
  const [first, ...others] = stores;
  if (first === undefined) return [];
  return REPLICATED.flatMap((entity) => {
    const expected = new Set<object>(first.all(entity));
    return others.flatMap((store) => {
      const records = store.all(entity);
      const isAlike = records.length === expected.size && records.every((record) => expected.has(record));
      return isAlike ? [] : [`${first.region} and ${store.region} differ in their ${entity} records`];
    });
  });
}

function leftUndone([store]: readonly MemoryStore[], nowMs: number): string[] {
  if (store === undefined) return [];
  const grants = store.all('grant').map(({ grantId }) => `grant ${grantId} is still open`);
  const shipments = store
    .all('shipment')
    .filter(({ bookingDueAtMs }) => bookingDueAtMs !== undefined)
    .map(({ shipmentId }) => `shipment ${shipmentId} is still to be booked`);
  const holds = store
    .all('reservation')
    .filter(({ status, expiresAtMs }) => status === 'held' && expiresAtMs < nowMs - EXPIRY_GRACE_MS)
    .map(({ keyHash, region }) => `hold ${region}.${keyHash} is past its expiry and keeps its units`);
  const products = store
    .all('product')
    .filter(({ settleDueAtMs }) => settleDueAtMs !== undefined)
    .map(({ sku }) => `${sku} is still to be settled`);
  return [...grants, ...shipments, ...holds, ...products];
}

/** A location that is owed units sells none. */
function unpaidDebts(
  balances: Balances,
  products: readonly Product[],
  locations: readonly Location[],
): string[] {
  return products.flatMap(({ sku, safetyStock }) =>
    locations.flatMap(({ locationId }) => {
      const { shortage, keptBack, available, onHand } = balances.place(sku, locationId);
      const isKnown = onHand !== 0 || available !== 0 || shortage !== 0;
      if (!isKnown || available === 0) return [];
      const at = `${sku} at ${locationId}: ${available} available`;
      if (shortage > 0) return [`${at} beside a shortage of ${shortage}`];
      return keptBack < safetyStock ? [`${at}, and only ${keptBack} of ${safetyStock} kept back`] : [];
    }),
  );
}

/** Everything that is not as it must be. */
export function quietFaults(cluster: Cluster, balances: Balances): string[] {
  const { replication, streams, stores, world } = cluster;
  const [store] = stores;
  const faults: string[] = [];
  // A region tells every few seconds that it is there, so a stream is never empty for long.
  const oldestMs = world.time.now() - STREAM_LAG_MAX_MS;
  if (streams.some(({ oldestAtMs }) => oldestAtMs < oldestMs)) faults.push('a stream does not go on');
  if (replication.conflicts > 0) faults.push(`replication had ${replication.conflicts} conflicts`);
  for (const item of replication.itemsOfTwoWriters) faults.push(`${item} was written in two regions`);
  return [
    ...faults,
    ...differences(stores),
    ...balances.unsettled(),
    ...leftUndone(stores, world.time.now()),
    ...unpaidDebts(balances, store?.all('product') ?? [], store?.all('location') ?? []),
  ];
}
