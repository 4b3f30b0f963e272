/** Stock: what the home region knows of one sku at one location. */

export interface StockKey {
  readonly tenantId: string;
  readonly sku: string;
  readonly locationId: string;
}

export interface Stock extends StockKey {
  /** The location's home region. */
  readonly region: string;
  /** Units that are physically there. Equals the sum of the location's ledger; never negative. */
  readonly onHand: number;
  /** Units kept back from sale (safety stock). */
  readonly keptBack: number;
  /** Units promised that a count did not find. */
  readonly shortage: number;
  /**
   * The location is owed units: it has a shortage, or keeps back less than its safety stock. Then no quota of it
   * may promise any, in whatever region.
   */
  readonly recalled?: boolean;
  /** The version that changed `recalled` last: a quota follows the newest it has heard of. */
  readonly recallVersion?: number;
  /** Up by 1 with every change; 0 stands for stock that was never written. */
  readonly version: number;
}
