/** Units of other regions are brought here by grants, so that a hold finds them in the quotas of this one. */
import type { Quota } from '../domain/quota.ts';
import type { Supply } from '../domain/sourcing.ts';
import { acceptGrant } from './accept-grants.ts';
import { actingIn } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { giveUnits, type UnitMove } from './give-units.ts';
import type { Dependencies } from './ports.ts';

/**
 * A quota as small as this stays whole: whoever asks takes what they need and no more, or the last units of a
 * sku would be carried from region to region by every shopper.
 */
const SMALL_QUOTA = 100;

/** Of a larger quota, whoever must ask takes this share of the rest as well, so as not to ask again soon. */
const MORE_SHARE = 0.1;

/** Units that a hold needs of one sku at one location, beyond what is here. */
export interface MissingUnits extends UnitMove {
  /** Regions that have some, with what they have. */
  readonly givers: readonly Pick<Quota, 'region' | 'available'>[];
}

function surplus({ available }: Pick<Quota, 'available'>, needed: number): number {
  const rest = available - needed;
  return rest < SMALL_QUOTA ? 0 : Math.floor(rest * MORE_SHARE);
}

/** Which region gives how much: the richest first, so that few are asked. */
function movesByGiver(missing: readonly MissingUnits[]): Map<string, UnitMove[]> {
  const moves = new Map<string, UnitMove[]>();
  for (const { givers, quantity, ...place } of missing) {
    let left = quantity;
    for (const giver of [...givers].sort((a, b) => b.available - a.available)) {
      const needed = Math.min(left, giver.available);
      if (needed <= 0) continue;
      const move = { ...place, quantity: needed + surplus(giver, needed) };
      moves.set(giver.region, [...(moves.get(giver.region) ?? []), move]);
      left -= needed;
    }
  }
  return moves;
}

/**
 * Pulls what is missing to the region that is acted in, as far as the givers still have it. What was granted and
 * could not be accepted now arrives later, by the stream.
 */
export async function pullUnits(deps: Dependencies, missing: readonly MissingUnits[]): Promise<void> {
  const pulls = [...movesByGiver(missing)].map(async ([region, moves]) => {
    const giver = actingIn(deps, region);
    const grants = (await tryNow(() => giveUnits(giver, moves, { to: deps.region, reason: 'hold' }))) ?? [];
    await Promise.all(grants.map((grant) => acceptGrant(deps, grant)));
  });
  await Promise.all(pulls);
}

/** What the sourced units of a hold lack in the quotas of one region. */
export function missingUnits(
  tenantId: string,
  needed: readonly (Pick<Supply, 'sku' | 'locationId' | 'region'> & { readonly quantity: number })[],
  { target, quotas }: { readonly target: string; readonly quotas: readonly Quota[] },
): MissingUnits[] {
  const byPlace = Map.groupBy(needed, ({ sku, locationId }) => `${sku}#${locationId}`);
  return [...byPlace.values()].flatMap((parts): MissingUnits[] => {
    const [first] = parts;
    if (first === undefined) return [];
    const { sku, locationId, region: home } = first;
    const own = quotas.filter((quota) => quota.sku === sku && quota.locationId === locationId);
    const here = own
      .filter(({ region }) => region === target)
      .reduce((sum, { available }) => sum + available, 0);
    const quantity = parts.reduce((sum, part) => sum + part.quantity, 0) - here;
    const givers = own.filter(({ region, available }) => region !== target && available > 0);
    return quantity > 0 ? [{ tenantId, sku, locationId, home, quantity, givers }] : [];
  });
}
