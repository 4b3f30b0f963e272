import type { Grant } from '../domain/grant.ts';
import { actingIn } from './acting-in.ts';
import type { Dependencies, RecordRef } from './ports.ts';

/**
 * Of open grants, those that nobody has accepted: their units are in no quota. A grant stays for a moment after
 * its acceptance, until the giver hears of it, so the takers are asked, strongly.
 *
 * @throws StoreUnavailableError when a taker is out of reach.
 */
export async function grantsUnderWay(deps: Dependencies, grants: readonly Grant[]): Promise<Grant[]> {
  const byTaker = Map.groupBy(grants, ({ to }) => to);
  const found = await Promise.all(
    [...byTaker].map(async ([to, toThem]) => {
      const refs = toThem.map(
        ({ tenantId, grantId }): RecordRef => ({ entity: 'acceptance', key: { tenantId, grantId } }),
      );
      const acceptances = await actingIn(deps, to).store.getMany(refs, 'strong');
      return toThem.filter((_, index) => acceptances[index] === undefined);
    }),
  );
  return found.flat();
}
