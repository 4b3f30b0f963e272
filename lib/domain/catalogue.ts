/** Products and the locations that keep them. */

export interface Product {
  readonly tenantId: string;
  readonly sku: string;
  readonly name: string;
  readonly description?: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Units kept back from sale at each location. */
  readonly safetyStock: number;
  readonly status: 'active' | 'archived';
  /** Starts at 1, up by 1 on every change that a caller made. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Set until a change has reached the locations of the tenant's home region; the sweep then finishes it. */
  readonly settleDueAtMs?: number;
}

export interface Location {
  readonly tenantId: string;
  readonly locationId: string;
  readonly name: string;
  /** The home region: the only one that writes the location's stock and ledger. Fixed once created. */
  readonly region: string;
  readonly type: string;
  /** Lower is tried first. */
  readonly priority: number;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
