/**
 * What a region does when its stream shows a change, its own or one that was replicated. This completes whatever
 * was begun and not finished, because somebody crashed or could not be reached: it may run twice, late, or beside
 * whoever began it.
 *
 * Of a replicated record only what never changes is used, or what carries a version: replication may merge
 * several changes into one.
 */
import type { Product } from '../domain/catalogue.ts';
import type { Acceptance, Grant } from '../domain/grant.ts';
import { deleteGrant } from '../domain/grant-change.ts';
import type { Quota } from '../domain/quota.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { Stock } from '../domain/stock.ts';
import { acceptGrant } from './accept-grants.ts';
import { bookAtHome } from './book-shipment.ts';
import { completeWrites } from './complete-writes.ts';
import { livingRegions } from './owned-records.ts';
import type { Dependencies, RecordChange } from './ports.ts';
import { followRecall } from './recall-quotas.ts';
import { settleOwed } from './settle-owed.ts';
import { settleLocations } from './settle-product.ts';
import { type Notice, settleSiblings } from './settle-siblings.ts';

/** The change could not be completed now; the stream must show it again. */
export class ChangeContendedError extends Error {
  override readonly name = 'ChangeContendedError';
}

function mustBeDone(done: unknown, what: string): void {
  if (done === undefined || done === false) throw new ChangeContendedError(`Others are changing ${what}`);
}

/** A grant to this region is accepted, unless it was: then this replica no longer has it, or has its acceptance. */
async function onGrant(deps: Dependencies, { tenantId, sku, grantId, from, to }: Grant): Promise<void> {
  if (to !== deps.region || !(await livingRegions(deps)).includes(from)) return;
  const grant = await deps.store.get('grant', { tenantId, sku, grantId }, 'strong');
  if (grant === undefined) return;
  const writes = await acceptGrant(deps, grant);
  mustBeDone(writes, `the quota of ${sku}`);
  await completeWrites(deps, writes ?? []);
}

/** A grant of this region that was accepted has done its work. */
async function onAcceptance(deps: Dependencies, acceptance: Acceptance): Promise<void> {
  if (acceptance.from !== deps.region) return;
  const commit = await deps.store.commit([deleteGrant(acceptance)]);
  mustBeDone(commit.outcome !== 'contended', `grant ${acceptance.grantId}`);
}

/** A shipment of another region from a location of this one is booked. Those of this region the sweep finishes. */
async function onShipment(deps: Dependencies, shipment: Shipment): Promise<void> {
  const { homeRegion, region, bookingDueAtMs } = shipment;
  if (homeRegion !== deps.region || region === deps.region || bookingDueAtMs === undefined) return;
  mustBeDone(await bookAtHome(deps, shipment), `the ledger for ${shipment.shipmentId}`);
}

/** A location elsewhere recalls its quotas, or no longer does. */
async function onStock(deps: Dependencies, stock: Stock): Promise<void> {
  const { recalled = false, recallVersion } = stock;
  if (stock.region === deps.region || recallVersion === undefined) return;
  const writes = await followRecall(deps, { ...stock, recalled, recallVersion });
  mustBeDone(writes, `the quota of ${stock.sku}`);
  await completeWrites(deps, writes ?? []);
}

/** A recalled quota of this region keeps nothing for sale. */
async function onQuota(deps: Dependencies, quota: Quota): Promise<void> {
  if (quota.region !== deps.region || quota.recalled !== true || quota.available === 0) return;
  const writes = await settleOwed(deps, quota);
  mustBeDone(writes, `the quota of ${quota.sku}`);
  await completeWrites(deps, writes ?? []);
}

/** A safety stock that was changed elsewhere holds for the locations of this region too. */
async function onProduct(deps: Dependencies, product: Product): Promise<void> {
  mustBeDone(await settleLocations(deps, product), `the stock of ${product.sku}`);
}

/**
 * Completes one change.
 *
 * @throws ChangeContendedError or StoreUnavailableError when it must be tried again.
 */
export async function completeChange(deps: Dependencies, change: RecordChange): Promise<readonly Notice[]> {
  if (change.after === undefined) return [];
  switch (change.entity) {
    case 'grant':
      await onGrant(deps, change.after);
      return [];
    case 'acceptance':
      await onAcceptance(deps, change.after);
      return [];
    case 'shipment':
      await onShipment(deps, change.after);
      return [];
    case 'stock':
      await onStock(deps, change.after);
      return [];
    case 'quota':
      await onQuota(deps, change.after);
      return [];
    case 'product':
      if (change.before?.safetyStock !== change.after.safetyStock) await onProduct(deps, change.after);
      return [];
    case 'reservation':
      return settleSiblings(deps, { ...change, after: change.after });
    default:
      // Nothing in another region waits for the rest.
      return [];
  }
}
