/**
 * A count, a write-off or a higher safety stock that finds too little in the home quota takes from the quotas of
 * the other regions first: units are somewhere, and a shortage is declared only when no region has them.
 */

import { FIRST_SHARD } from '../domain/quota.ts';
import { acceptGrant } from './accept-grants.ts';
import { actingIn, otherRegions } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { giveUnits } from './give-units.ts';
import type { Dependencies } from './ports.ts';

interface Wanted {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly quantity: number;
}

/** Takes from one region what it has of what is wanted. @returns how many units came home. */
async function pullFrom(home: Dependencies, region: string, wanted: Wanted): Promise<number> {
  const giver = actingIn(home, region);
  const { tenantId, sku, locationId } = wanted;
  const key = { tenantId, sku, locationId, region, shard: FIRST_SHARD };
  const quota = await giver.store.get('quota', key, 'strong');
  const quantity = Math.min(wanted.quantity, quota?.available ?? 0);
  if (quantity === 0) return 0;
  const move = { tenantId, sku, locationId, home: home.region, quantity };
  const grants = await giveUnits(giver, [move], { to: home.region, reason: 'home' });
  for (const grant of grants) await acceptGrant(home, grant);
  return grants.length === 0 ? 0 : quantity;
}

/**
 * Brings units of a location to its home quota, from whichever regions have some and can be reached.
 *
 * @param home acts in the location's home region.
 * @returns how many came; 0 when no region in reach has any.
 */
export async function pullHome(home: Dependencies, wanted: Wanted): Promise<number> {
  let left = wanted.quantity;
  for (const region of otherRegions(home)) {
    if (left === 0) break;
    left -= (await tryNow(() => pullFrom(home, region, { ...wanted, quantity: left }))) ?? 0;
  }
  return wanted.quantity - left;
}
