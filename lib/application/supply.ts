/** What may be promised of the skus of a cart: read before a hold is planned, and corrected by refusals. */
import type { Location, Product } from '../domain/catalogue.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { FIRST_SHARD, type Quota } from '../domain/quota.ts';
import type { RequestedLine, Supply } from '../domain/sourcing.ts';
import type { Consistency, Dependencies, RecordRef } from './ports.ts';

/** A batch read takes 100 keys; beyond that one query for each sku needs fewer calls. */
const BATCH_KEYS_MAX = 100;

/**
 * Up to so many skus, one query for each, side by side, is as quick as a batch and cheaper. It also finds stock
 * at a location that was created a moment ago, and what other regions are known to have.
 */
const QUERIED_SKUS_MAX = 4;

export interface KnownSupply {
  /** Of all regions; those of others as this replica has heard of them. */
  readonly quotas: readonly Quota[];
  /** Products by sku; only read when a refusal must say which skus exist. */
  readonly products: ReadonlyMap<string, Product>;
}

export const skusOf = (lines: readonly RequestedLine[]): string[] => [
  ...new Set(lines.map(({ sku }) => sku)),
];

/** The quota of a sku at a location in this region. */
export function quotaKey(
  { region }: Pick<Dependencies, 'region'>,
  at: { readonly tenantId: string; readonly sku: string; readonly locationId: string },
) {
  const { tenantId, sku, locationId } = at;
  return { tenantId, sku, locationId, region, shard: FIRST_SHARD };
}

function quotaRefs(
  deps: Dependencies,
  lines: readonly RequestedLine[],
  place: { readonly tenantId: string; readonly locations: readonly Location[] },
): RecordRef[] {
  const { tenantId } = place;
  return skusOf(lines).flatMap((sku) => {
    const own = lines.filter((line) => line.sku === sku);
    const anywhere = own.some(({ locationId }) => locationId === undefined);
    const named = own.flatMap(({ locationId }) => locationId ?? []);
    const ids = anywhere ? [...place.locations.map(({ locationId }) => locationId), ...named] : named;
    return [...new Set(ids)].map(
      (locationId): RecordRef => ({ entity: 'quota', key: quotaKey(deps, { tenantId, sku, locationId }) }),
    );
  });
}

async function queryEachSku(
  deps: Dependencies,
  tenantId: string,
  ask: { readonly skus: readonly string[]; readonly consistency: Consistency },
): Promise<KnownSupply> {
  const { skus, consistency } = ask;
  const records = await Promise.all(skus.map((sku) => deps.store.readSku(tenantId, sku, consistency)));
  const products = records.flatMap(({ product }) => product ?? []);
  const quotas = records.flatMap((found) => found.quotas);
  await meetNewPlaces(deps, tenantId, quotas);
  return {
    quotas,
    products: new Map(products.map((product) => [product.sku, product])),
  };
}

/** Stock may lie at a location that was created a moment ago. */
export async function meetNewPlaces(
  deps: Dependencies,
  tenantId: string,
  quotas: readonly Quota[],
): Promise<void> {
  const known = new Set((await deps.locations.of(tenantId)).map(({ locationId }) => locationId));
  const hasNewPlace = quotas.some(({ locationId }) => !known.has(locationId));
  if (hasNewPlace) await deps.locations.refresh(tenantId);
}

/** Reads the quotas that the lines could take from, and the products when a refusal may be near. */
export async function readSupply(
  deps: Dependencies,
  lines: readonly RequestedLine[],
  ask: { readonly tenantId: string; readonly consistency: Consistency },
): Promise<KnownSupply> {
  const { tenantId, consistency } = ask;
  const skus = skusOf(lines);
  const isOpen = lines.some(({ locationId }) => locationId === undefined);
  if (isOpen && skus.length <= QUERIED_SKUS_MAX) return queryEachSku(deps, tenantId, { skus, consistency });
  // A refusal must not overlook a location that was created a moment ago.
  const { of, refresh } = deps.locations;
  const locations = isOpen ? await (consistency === 'strong' ? refresh(tenantId) : of(tenantId)) : [];
  const quotas = quotaRefs(deps, lines, { tenantId, locations });
  const products: RecordRef[] =
    consistency === 'strong'
      ? skus.map((sku): RecordRef => ({ entity: 'product', key: { tenantId, sku } }))
      : [];
  if (quotas.length + products.length > BATCH_KEYS_MAX)
    return queryEachSku(deps, tenantId, { skus, consistency });
  const records = await deps.store.getMany([...products, ...quotas], consistency);
  const foundProducts = records
    .slice(0, products.length)
    .flatMap((record) => (record ? [record as Product] : []));
  return {
    quotas: records.slice(products.length).flatMap((record) => (record ? [record as Quota] : [])),
    products: new Map(foundProducts.map((product) => [product.sku, product])),
  };
}

/** Quotas as the sourcing strategy sees them. Whoever ships must know where a location is at home. */
export async function supplyOf(
  deps: Dependencies,
  tenantId: string,
  quotas: readonly Quota[],
): Promise<Supply[]> {
  const supply = quotas.map(async (quota): Promise<Supply[]> => {
    const { sku, locationId, shard, available, promised } = quota;
    const location = await deps.locations.find(tenantId, locationId);
    if (location === undefined) return [];
    return [{ sku, locationId, region: location.region, shard, available, promised }];
  });
  return (await Promise.all(supply)).flat();
}

/** Names a quota among those of one tenant and region. */
export const supplyId = ({ sku, locationId, shard }: Pick<Supply, 'sku' | 'locationId' | 'shard'>): string =>
  `${sku}#${locationId}#${shard}`;

/**
 * A line whose only candidate is one location needs no look at the quota: the transaction itself says
 * whether the units are there.
 *
 * @param places the location that each line takes from; `undefined` when it does not exist.
 */
export function assumedSupply(
  lines: readonly RequestedLine[],
  places: readonly (Location | undefined)[],
): Supply[] {
  const assumed = lines.flatMap((line, index): Supply[] => {
    const place = places[index];
    if (place === undefined) return [];
    const { locationId, region } = place;
    const available = Number.MAX_SAFE_INTEGER;
    return [{ sku: line.sku, locationId, region, shard: FIRST_SHARD, available, promised: 0 }];
  });
  return [...new Map(assumed.map((supply) => [supplyId(supply), supply])).values()];
}

/** What a refused transaction showed replaces what was believed. */
export function correctedSupply(
  supply: readonly Supply[],
  writes: readonly GuardedWrite[],
  images: ReadonlyMap<number, object | undefined>,
): Supply[] {
  const seen = new Map<string, Pick<Supply, 'available' | 'promised'>>();
  for (const [index, image] of images) {
    const write = writes[index];
    if (write?.entity !== 'quota') continue;
    const { available = 0, promised = 0 } = (image as Quota | undefined) ?? {};
    seen.set(supplyId(write.key), { available, promised });
  }
  return supply.map((entry) => ({ ...entry, ...seen.get(supplyId(entry)) }));
}
