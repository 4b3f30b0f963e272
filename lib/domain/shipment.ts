/** A shipment: what left one location in one ship call. Immutable but for its booking mark. */

export interface ShipmentLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface Shipment {
  readonly tenantId: string;
  readonly shipmentId: string;
  readonly reservationId: string;
  readonly locationId: string;
  /** The home region of the location: it books the shipment. */
  readonly homeRegion: string;
  readonly lines: readonly ShipmentLine[];
  readonly shippedAtMs: number;
  readonly actor: string;
  /**
   * Set until every line is in the ledger: when the sweep should finish the booking, should whoever shipped
   * have died. Absent: booked.
   */
  readonly bookingDueAtMs?: number;
}
