/** Why a hold cannot be placed: which skus and places do not exist, and whether others' holds are in the way. */
import type { Product } from '../domain/catalogue.ts';
import type { Rejection, ShortLine } from '../domain/rejection.ts';
import { isMet, type RequestedLine, type Sourced, type Supply } from '../domain/sourcing.ts';
import { stockOf, totalOf } from '../domain/stock-view.ts';
import type { SeenClaim } from '../domain/unit-claims.ts';
import { knownProduct } from './owned-records.ts';
import type { Dependencies } from './ports.ts';

interface Attempt {
  readonly lines: readonly RequestedLine[];
  readonly allowPartial: boolean;
  readonly sourced: Sourced;
  readonly supply: readonly Supply[];
  readonly products: ReadonlyMap<string, Product>;
}

async function unknownThing(
  deps: Dependencies,
  tenantId: string,
  { lines, products }: Attempt,
): Promise<Rejection | undefined> {
  for (const { sku } of lines) {
    const product = await knownProduct(deps, tenantId, { sku, product: products.get(sku) });
    if (product?.status !== 'active') {
      return { code: 'unknown_sku', detail: `There is no active product ${sku}.`, sku };
    }
  }
  for (const { locationId } of lines) {
    if (locationId !== undefined && (await deps.locations.find(tenantId, locationId)) === undefined) {
      return { code: 'unknown_location', detail: `There is no location ${locationId}.`, locationId };
    }
  }
  return undefined;
}

/** Whether units of a sku at a location are units that the line could take. */
const isFor =
  (line: RequestedLine) =>
  ({ sku, locationId }: { readonly sku: string; readonly locationId: string }): boolean =>
    sku === line.sku && (line.locationId === undefined || locationId === line.locationId);

/** What the oldest reservations keep of what a line could take, and when the first hold of them expires. */
function keptUnits(line: RequestedLine, seen: readonly SeenClaim[]) {
  const kept = { held: 0, committed: 0 };
  let nextReleaseAtMs: number | undefined;
  for (const { status, expiresAtMs, claims } of seen) {
    const own = claims.filter(isFor(line)).reduce((sum, { units }) => sum + units, 0);
    if (own === 0) continue;
    kept[status === 'held' ? 'held' : 'committed'] += own;
    if (status === 'held') nextReleaseAtMs = Math.min(nextReleaseAtMs ?? expiresAtMs, expiresAtMs);
  }
  return { ...kept, nextReleaseAtMs };
}

async function shortLine(
  deps: Dependencies,
  tenantId: string,
  { line, supply }: { readonly line: RequestedLine; readonly supply: readonly Supply[] },
): Promise<ShortLine> {
  const own = stockOf({ stocks: [], quotas: supply.filter(isFor(line)), committed: [] });
  const available = totalOf(own.map((entry) => entry.available));
  // Who of them is confirmed nobody has asked yet.
  const promised = totalOf(own.map((entry) => entry.held));
  const place = line.locationId === undefined ? {} : { locationId: line.locationId };
  const short = { sku: line.sku, ...place, requested: line.quantity, available };
  // Even if all that is promised came back it would not do: no need to ask who has it.
  if (available + promised < line.quantity) return { ...short, reason: 'sold_out' };
  const { claims, isComplete } = await deps.claims.oldestOn(tenantId, line.sku);
  const { held, committed, nextReleaseAtMs } = keptUnits(line, claims);
  // Of more reservations than a hint looks at, those it did not see count as holds.
  const units = isComplete ? held : promised - committed;
  if (available + units < line.quantity) return { ...short, reason: 'sold_out' };
  return { ...short, reason: 'held', ...(nextReleaseAtMs === undefined ? {} : { nextReleaseAtMs }) };
}

/**
 * The refusal of a cart that could not be met by what was read strongly.
 *
 * @returns `undefined` when a part may be held and there is one.
 */
export async function explainRefusal(
  deps: Dependencies,
  tenantId: string,
  attempt: Attempt,
): Promise<Rejection | undefined> {
  const unknown = await unknownThing(deps, tenantId, attempt);
  if (unknown !== undefined) return unknown;
  const hasUnits = attempt.sourced.some((units) => units.length > 0);
  if (attempt.allowPartial && hasUnits) return undefined;
  const short = attempt.lines.filter((line, index) => !isMet(line, attempt.sourced[index] ?? []));
  const lines = await Promise.all(
    short.map((line) => shortLine(deps, tenantId, { line, supply: attempt.supply })),
  );
  if (lines.length === 0) return undefined;
  const names = [...new Set(lines.map(({ sku }) => sku))].join(', ');
  return { code: 'insufficient_stock', detail: `Too few units are available of ${names}.`, lines };
}
