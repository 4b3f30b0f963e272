/** Why a hold cannot be placed: which skus and places do not exist, and whether others' holds are in the way. */
import type { Product } from '../domain/catalogue.ts';
import type { Rejection, ShortLine } from '../domain/rejection.ts';
import { isMet, type RequestedLine, type Sourced, type Supply } from '../domain/sourcing.ts';
import type { SeenClaim } from '../domain/unit-claims.ts';
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
    if (products.get(sku)?.status !== 'active') {
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

/** Units that holds still keep of what a line could take, and when the first of them expires. */
function heldUnits(line: RequestedLine, seen: readonly SeenClaim[]) {
  let units = 0;
  let nextReleaseAtMs: number | undefined;
  for (const { status, expiresAtMs, claims } of seen) {
    if (status !== 'held') continue;
    const own = claims
      .filter(({ sku }) => sku === line.sku)
      .filter(({ locationId }) => line.locationId === undefined || locationId === line.locationId)
      .reduce((sum, claim) => sum + claim.units, 0);
    if (own === 0) continue;
    units += own;
    nextReleaseAtMs = Math.min(nextReleaseAtMs ?? expiresAtMs, expiresAtMs);
  }
  return { units, nextReleaseAtMs };
}

async function shortLine(
  deps: Dependencies,
  tenantId: string,
  { line, supply }: { readonly line: RequestedLine; readonly supply: readonly Supply[] },
): Promise<ShortLine> {
  const available = supply
    .filter(({ sku }) => sku === line.sku)
    .filter(({ locationId }) => line.locationId === undefined || locationId === line.locationId)
    .reduce((sum, entry) => sum + entry.available, 0);
  const place = line.locationId === undefined ? {} : { locationId: line.locationId };
  const short = { sku: line.sku, ...place, requested: line.quantity, available };
  const { units, nextReleaseAtMs } = heldUnits(line, await deps.claims.on(tenantId, line.sku));
  if (units === 0 || available + units < line.quantity) return { ...short, reason: 'sold_out' };
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
