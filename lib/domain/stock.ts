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
  /** Up by 1 with every change; 0 stands for stock that was never written. */
  readonly version: number;
}
