/**
 * A rollup: all that one region has heard of a sku, in one record, so that a question is answered by one read. It
 * keeps the last value of each thing it was told of, with that thing's version, and never a sum of differences: what
 * comes twice, late or out of order changes nothing.
 */
import type { DomainEvent } from './event.ts';
import type { Quota } from './quota.ts';
import type { Stock } from './stock.ts';

export interface RollupKey {
  readonly tenantId: string;
  readonly sku: string;
}

export interface CommittedUnits {
  readonly locationId: string;
  readonly units: number;
}

/** Units that a reservation has confirmed and not shipped, as its last change said. */
export interface SeenReservation {
  /** As in lists. */
  readonly id: string;
  readonly version: number;
  /** When this region heard of it. */
  readonly seenAtMs: number;
  readonly committed: readonly CommittedUnits[];
}

/** `out`: nothing may be promised. `low`: less than the safety stock. */
export type StockLevelName = 'in' | 'low' | 'out';

export interface Rollup extends RollupKey {
  /** The region that keeps it. */
  readonly region: string;
  readonly product?: {
    readonly status: 'active' | 'archived';
    readonly safetyStock: number;
    readonly version: number;
  };
  readonly stocks: readonly Pick<
    Stock,
    'locationId' | 'region' | 'onHand' | 'keptBack' | 'shortage' | 'version'
  >[];
  readonly quotas: readonly Pick<
    Quota,
    'locationId' | 'region' | 'shard' | 'available' | 'promised' | 'version'
  >[];
  /** Confirmed and not shipped, by location. */
  readonly committed: readonly CommittedUnits[];
  /** Changes that the index of open reservations may not show yet. */
  readonly recent: readonly SeenReservation[];
  /** Absent: nothing was ever known of it. */
  readonly level?: StockLevelName;
  /** Events of this record that nobody has taken yet. */
  readonly unsentEvents: readonly DomainEvent[];
  /** When this region last heard of a change. */
  readonly asOfMs: number;
  readonly version: number;
}
