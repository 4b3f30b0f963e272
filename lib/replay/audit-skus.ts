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

/** How one product is audited, and what is wrong with what is found. */
export interface Auditor<Found> {
  readonly audit: (sku: string) => Promise<Found>;
  readonly objectionsTo: (found: Found, sku: string) => readonly string[];
  /** Whether what is wrong may pass: then it is looked at again. */
  readonly mayPass: (found: Found, looks: number) => boolean;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Audits every sku, again where what is wrong may pass.
 *
 * @returns those that fail, by sku.
 */
export async function auditEach<Found>(
  { audit, objectionsTo, mayPass, clock }: Auditor<Found>,
  skus: readonly string[],
  { concurrency, onAudited, unfinishedMaxMs = UNFINISHED_MAX_MS }: AuditOptions,
): Promise<FailedAudit[]> {
  const deadlineMs = performance.now() + unfinishedMaxMs;
  const failed: FailedAudit[] = [];
  await forEachInOrder(skus, concurrency, async (sku) => {
    let found = await audit(sku);
    let objections = objectionsTo(found, sku);
    for (let looks = 1; objections.length > 0 && mayPass(found, looks); looks += 1) {
      if (performance.now() >= deadlineMs) break;
      await clock.sleep(PAUSE_MS);
      found = await audit(sku);
      objections = objectionsTo(found, sku);
    }
    if (objections.length > 0) failed.push({ sku, objections });
    onAudited();
  });
  return failed.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** Audits every sku, and compares each with the replay's books. */
export function auditSkus(
  {
    api,
    books,
    clock,
  }: { readonly api: ShopApi; readonly books: Books; readonly clock: Pick<Clock, 'sleep'> },
  skus: readonly string[],
  options: AuditOptions,
): Promise<FailedAudit[]> {
  const auditor: Auditor<Audit> = {
    audit: (sku) => api.audit(sku),
    objectionsTo: (audit, sku) => objectionsTo(audit, books.onHand(sku)),
    mayPass: isUnfinished,
    clock,
  };
  return auditEach(auditor, skus, options);
}
