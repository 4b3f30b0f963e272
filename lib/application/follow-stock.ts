import type { Dependencies, Outlets, RecordChange } from './ports.ts';

/**
 * Carries changes over to the rollups of this region.
 *
 * @returns the indexes of the changes that must be shown again.
 */
export async function followStock(
  _deps: Dependencies & { readonly outlets: Outlets },
  _changes: readonly RecordChange[],
): Promise<ReadonlySet<number>> {
  return new Set();
}
