/** What a region remembers of the units it gave away: the velocity cap is measured against it. */
import type { Demand } from '../domain/demand.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import type { Dependencies } from './ports.ts';

/** The velocity cap counts the units that moved within so long. */
const WINDOW_MS = 60_000;

export interface Place {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
}

/** Units that this region gave away within the window of the velocity cap. */
export function movedLately(demand: Demand | undefined, nowMs: number): number {
  return demand !== undefined && nowMs - demand.windowStartMs < WINDOW_MS ? demand.moved : 0;
}

/** Remembers what moved, in the same transaction: two runs at once must not both use the whole cap. */
export function rememberMove(
  deps: Dependencies,
  place: Place,
  { demand, quantity }: { readonly demand: Demand | undefined; readonly quantity: number },
): GuardedWrite {
  const nowMs = deps.clock.now();
  const { region } = deps;
  const isOpen = demand !== undefined && nowMs - demand.windowStartMs < WINDOW_MS;
  const record: Demand = {
    unitsPerHour: 0,
    taken: 0,
    sampledAtMs: nowMs,
    ...place,
    region,
    ...demand,
    moved: (isOpen ? demand.moved : 0) + quantity,
    windowStartMs: isOpen ? demand.windowStartMs : nowMs,
    movedAtMs: nowMs,
    version: (demand?.version ?? 0) + 1,
  };
  return {
    entity: 'demand',
    key: { ...place, region },
    conditions: [
      demand === undefined ? { is: 'absent' } : { is: 'equal', field: 'version', value: demand.version },
    ],
    effect: { does: 'put', record },
  };
}
