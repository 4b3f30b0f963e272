import { performance } from 'node:perf_hooks';
import type { Clock } from '../application/ports.ts';
import { type Books, objectionsTo } from './books.ts';
import type { Audit, ShopApi } from './http/shop-api.ts';
import { forEachInOrder } from './slots.ts';

/**
 * What a crash left behind is finished by the sweep, a minute after it at most. Only an audit that shows such
 * work is repeated; a unit that is lost does not come back.
 */
const UNFINISHED_MAX_MS = 90_000;
const PAUSE_MS = 1_000;

export interface FailedAudit {
  readonly sku: string;
  readonly objections: readonly string[];
}

export interface AuditOptions {
  readonly concurrency: number;
  readonly onAudited: () => void;
  /** @default UNFINISHED_MAX_MS */
  readonly unfinishedMaxMs?: number | undefined;
}

const isUnfinished = ({ stable, held, committed, unbookedShipments }: Audit): boolean =>
  !stable || held + committed + unbookedShipments > 0;

/**
 * Audits every sku, and compares each with the replay's books.
 *
 * @returns those that fail, by sku.
 */
export async function auditSkus(
  {
    api,
    books,
    clock,
  }: { readonly api: ShopApi; readonly books: Books; readonly clock: Pick<Clock, 'sleep'> },
  skus: readonly string[],
  { concurrency, onAudited, unfinishedMaxMs = UNFINISHED_MAX_MS }: AuditOptions,
): Promise<FailedAudit[]> {
  const deadlineMs = performance.now() + unfinishedMaxMs;
  const failed: FailedAudit[] = [];
  await forEachInOrder(skus, concurrency, async (sku) => {
    let audit = await api.audit(sku);
    let objections = objectionsTo(audit, books.onHand(sku));
    while (objections.length > 0 && isUnfinished(audit) && performance.now() < deadlineMs) {
      await clock.sleep(PAUSE_MS);
      audit = await api.audit(sku);
      objections = objectionsTo(audit, books.onHand(sku));
    }
    if (objections.length > 0) failed.push({ sku, objections });
    onAudited();
  });
  return failed.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
