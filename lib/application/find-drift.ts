/** Whether the books of one product agree: what is true of a busy moment is no drift, so it is looked at again. */
import type { Discrepancy } from '../domain/conservation.ts';
import { auditStock } from './audit-stock.ts';
import { type Dependencies, StoreUnavailableError } from './ports.ts';

/** Between two looks: what a crash left half done is finished at once by whoever retries, and by the stream. */
const PAUSE_MS = 5_000;

/** Two that agree make a drift; a third for a product that was busy at one of them. */
const LOOKS_MAX = 3;

export interface AuditedProduct {
  readonly tenantId: string;
  readonly sku: string;
}

/**
 * Compares the read model with the records of a product.
 *
 * @returns what differs; a moment's lag may show, and does not count unless it stays.
 */
export type CheckRollup = (product: AuditedProduct) => Promise<readonly Discrepancy[]>;

/**
 * What an audit of a product came to. `skipped`: it could not be judged, because a region was out of reach, because it
 * changed all the time, or because of a bug, which `error` is.
 */
export type Judgement = AuditedProduct &
  (
    | { readonly found: 'nothing' }
    | { readonly found: 'drift'; readonly discrepancies: readonly Discrepancy[] }
    | { readonly found: 'skipped'; readonly why: 'out_of_reach' | 'busy' }
    | { readonly found: 'skipped'; readonly why: 'failed'; readonly error: unknown }
  );

const missingProduct = ({ sku }: AuditedProduct): Discrepancy => ({
  locationId: '',
  rule: 'missing_product',
  figure: 'products',
  found: 0,
  expected: 1,
  sentence: `there is stock of ${sku}, and no such product`,
});

interface Look {
  readonly stable: boolean;
  readonly discrepancies: readonly Discrepancy[];
}

async function look(deps: Dependencies, product: AuditedProduct, checkRollup?: CheckRollup): Promise<Look> {
  const audit = await auditStock(deps, product.tenantId, product.sku);
  if (!audit.ok) return { stable: true, discrepancies: [missingProduct(product)] };
  const { stable, discrepancies } = audit.value;
  const inReadModel = (await checkRollup?.(product)) ?? [];
  return { stable, discrepancies: [...discrepancies, ...inReadModel] };
}

async function lookAgain(
  deps: Dependencies,
  product: AuditedProduct,
  checkRollup?: CheckRollup,
): Promise<Judgement> {
  let agreeing = 0;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (looks > 0) await deps.clock.sleep(PAUSE_MS);
    const { stable, discrepancies } = await look(deps, product, checkRollup);
    if (discrepancies.length === 0) return { ...product, found: 'nothing' };
    if (stable) agreeing += 1;
    if (agreeing === 2) return { ...product, found: 'drift', discrepancies };
  }
  return { ...product, found: 'skipped', why: 'busy' };
}

/** Judges a product. Never throws: one that cannot be judged must not keep the others from it. */
export async function findDrift(
  deps: Dependencies,
  product: AuditedProduct,
  checkRollup?: CheckRollup,
): Promise<Judgement> {
  try {
    return await lookAgain(deps, product, checkRollup);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return { ...product, found: 'skipped', why: 'out_of_reach' };
    return { ...product, found: 'skipped', why: 'failed', error };
  }
}
