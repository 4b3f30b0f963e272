/**
 * A shipment: what left one location in one ship call. Immutable but for its booking mark, which belongs to the
 * region of the reservation as the shipment itself does.
 */

export interface ShipmentLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface Shipment {
  readonly tenantId: string;
  readonly shipmentId: string;
  readonly reservationId: string;
  /** The region of the reservation: it writes the shipment. */
  readonly region: string;
  readonly locationId: string;
  /** The home region of the location: it books the shipment. */
  readonly homeRegion: string;
  readonly lines: readonly ShipmentLine[];
  readonly shippedAtMs: number;
  readonly carrier?: string;
  readonly trackingId?: string;
  readonly actor: string;
  /**
   * Set until every line is in the ledger: when the sweep should finish the booking, should whoever shipped
   * have died. Absent: booked.
   */
  readonly bookingDueAtMs?: number;
}
