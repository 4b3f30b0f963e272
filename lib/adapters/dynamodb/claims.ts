import * as z from 'zod';
import type { Claims, SeenClaims } from '../../application/ports.ts';
import { isOpen } from '../../domain/reservation.ts';
import type { SeenClaim } from '../../domain/unit-claims.ts';
import type { Database } from './database.ts';
import { readIndexed } from './indexed-records.ts';
import type { Item } from './items.ts';
import { firstWord, SORT } from './keys.ts';
import { openManyPartition, openPartition } from './partitions.ts';
import { type KeyRange, type QueryOptions, queryItems, queryPage } from './queries.ts';
import { OPEN_SHARDS, shardsOf } from './shards.ts';

/** One page is about 2500 claims. Beyond that an audit does not end within a request. */
const CLAIM_PAGES_MAX = 100;

const names = (lines: readonly { readonly sku: string }[], sku: string): boolean =>
  lines.some((line) => line.sku === sku);

interface Claimed {
  readonly tenantId: string;
  readonly sku: string;
}

interface Entries {
  readonly items: readonly Item[];
  readonly isComplete: boolean;
}

/** All of a part. */
const WHOLE = { oldest: undefined } as const;

/** The index entries of a part of the index, the oldest first; with `oldest`, at most so many are looked at. */
async function readPart(
  database: Database,
  range: KeyRange,
  { oldest, ...options }: QueryOptions & { readonly oldest: number | undefined },
): Promise<Entries> {
  if (oldest === undefined) {
    const items = await queryItems(database, range, { ...options, pagesMax: CLAIM_PAGES_MAX });
    return { items, isComplete: true };
  }
  const { items, next } = await queryPage(database, range, { ...options, limit: oldest });
  return { items, isComplete: next === undefined };
}

/** The index entries of everything that claims units of a sku, the oldest first. */
async function readEntries(database: Database, claimed: Claimed, oldest?: number): Promise<Entries> {
  const { tenantId, sku } = claimed;
  const ofSku = { index: 'open', partition: openPartition(tenantId, sku) } as const;
  const filter = { field: 'skus', does: 'contain', value: sku } as const;
  const parts = await Promise.all([
    readPart(database, ofSku, { oldest }),
    ...shardsOf(OPEN_SHARDS).map((shard) => {
      const ofSeveral = { index: 'open', partition: openManyPartition(tenantId, shard) } as const;
      return readPart(database, ofSeveral, { filter, oldest });
    }),
  ]);
  return {
    items: parts
      .flatMap(({ items }) => items)
      .sort((a, b) => (String(a['openSk']) < String(b['openSk']) ? -1 : 1)),
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}

/** What the index carries of an open reservation. */
const seenClaim = z.object({
  openSk: z.string(),
  status: z.enum(['held', 'confirmed', 'partially_shipped', 'shipped', 'released', 'expired', 'cancelled']),
  expiresAtMs: z.int(),
  claims: z.array(z.object({ sku: z.string(), locationId: z.string(), units: z.int() })),
});

/** The position in the index ends with the id of the reservation. */
function asSeenClaim(entry: Item): SeenClaim {
  const { openSk, ...seen } = seenClaim.parse(entry);
  return { id: openSk.slice(openSk.indexOf('#') + 1), ...seen };
}

/** The reservations among entries of the index. */
const seenIn = (entries: readonly Item[]): SeenClaim[] =>
  entries.filter(({ sk }) => firstWord(sk) === SORT.reservation).map(asSeenClaim);

/** Claims of open reservations on a sku, from the index alone. */
export async function readSeenClaims(
  database: Database,
  claimed: Claimed,
  oldest?: number,
): Promise<SeenClaims> {
  const { items, isComplete } = await readEntries(database, claimed, oldest);
  return { claims: seenIn(items), isComplete };
}

/** Claims of open reservations that name a sku and no other. */
export async function readClaimsAlone(
  database: Database,
  { tenantId, sku }: Claimed,
): Promise<readonly SeenClaim[]> {
  const range = { index: 'open', partition: openPartition(tenantId, sku) } as const;
  return seenIn((await readPart(database, range, WHOLE)).items);
}

/** Claims of a tenant's open reservations that name several skus. */
export async function readClaimsAmong(database: Database, tenantId: string): Promise<readonly SeenClaim[]> {
  const parts = await Promise.all(
    shardsOf(OPEN_SHARDS).map((shard) =>
      readPart(database, { index: 'open', partition: openManyPartition(tenantId, shard) }, WHOLE),
    ),
  );
  return seenIn(parts.flatMap(({ items }) => items));
}

/** Open reservations and unbooked shipments that name a sku, the oldest first. */
export async function readClaims(database: Database, claimed: Claimed): Promise<Claims> {
  const { sku } = claimed;
  const { items: entries } = await readEntries(database, claimed);
  const [reservations, shipments] = await Promise.all([
    readIndexed(
      database,
      'reservation',
      entries.filter(({ sk }) => firstWord(sk) === SORT.reservation),
    ),
    readIndexed(
      database,
      'shipment',
      entries.filter(({ sk }) => firstWord(sk) === SORT.shipment),
    ),
  ]);
  return {
    reservations: reservations.filter(({ status, lines }) => isOpen(status) && names(lines, sku)),
    unbookedShipments: shipments.filter(
      ({ bookingDueAtMs, lines }) => bookingDueAtMs !== undefined && names(lines, sku),
    ),
  };
}
