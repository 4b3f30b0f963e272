/** What lists are asked for, and how they answer. */

/** One page of a list. `next` is the position to go on from; absent at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

export interface MovementQuery {
  readonly tenantId: string;
  /** One of `sku` and `locationId` at least. */
  readonly sku?: string;
  readonly locationId?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface DeliveryQuery {
  readonly tenantId: string;
  readonly webhookId: string;
}

export interface ReservationQuery {
  readonly tenantId: string;
  readonly reference?: string;
}
