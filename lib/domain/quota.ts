/**
 * A quota: the units of one sku at one location that one region may promise. Sharded by key, so that a hot
 * one can be split; there is one shard now.
 */

/** The only shard in use. Readers and writers name it, so that a second one changes no code but theirs. */
export const FIRST_SHARD = 0;

export interface QuotaKey {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly region: string;
  readonly shard: number;
}

export interface Quota extends QuotaKey {
  /** Units the region may still promise. */
  readonly available: number;
  /** Units it has promised and not yet given back or shipped. */
  readonly promised: number;
  /**
   * The location has a shortage or keeps back less than its safety stock: `available` is 0, and units that
   * come back pay that first: at home at once, elsewhere by a grant to the home region.
   */
  readonly recalled?: boolean;
  /** Outside the home region: the version of the stock that `recalled` follows. */
  readonly recallVersion?: number;
  /** Units it has ever promised: the rebalancer reads the demand from it. */
  readonly taken?: number;
  /**
   * When units of a grant last arrived. The units are known here before the grant is, and before what others have
   * now: for some seconds after it, the rebalancer must not think that it is rich and they are poor.
   */
  readonly arrivedAtMs?: number;
  /** Up by 1 with every change. */
  readonly version: number;
}
