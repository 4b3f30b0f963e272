/** What a reservation is after each of its changes, as the rest of the service sees it. */
import type { Reservation } from './reservation.ts';
import { apply, begin, type Draft, type QueuedConfirmation, type ShipEntry } from './reservation-history.ts';

/** A shipment as the reservation shows it: one for each location of a ship call. */
export interface ShipmentState {
  readonly shipmentId: string;
  readonly locationId: string;
  /** The location's home region. */
  readonly region: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly carrier?: string;
  readonly trackingId?: string;
  readonly shippedAtMs: number;
}

export interface AllocationState {
  readonly locationId: string;
  readonly region: string;
  readonly shard: number;
  /** Units that were not given back. */
  readonly kept: number;
  /** Units of them that have not been shipped. */
  readonly left: number;
}

export interface LineState {
  readonly sku: string;
  readonly locationId?: string;
  readonly quantity: number;
  readonly allocations: readonly AllocationState[];
}

/** A reservation at one version. Fields of one state only exist in that state. */
export type ReservationState = {
  readonly version: number;
  readonly lines: readonly LineState[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
  readonly extensions: number;
  /** Only after a confirmation was queued, until it was made. */
  readonly confirmation?: QueuedConfirmation;
} & (
  | { readonly status: 'held' | 'released' | 'expired' }
  | {
      readonly status: 'confirmed' | 'partially_shipped' | 'shipped' | 'cancelled';
      readonly orderId: string;
      readonly confirmedAtMs: number;
      readonly shipments: readonly ShipmentState[];
    }
);

/** The shipments of one ship call, one for each location, in the order of their first unit. */
export function shipmentsOf(reservation: Reservation, entry: ShipEntry, version: number): ShipmentState[] {
  const byLocation = new Map<string, { region: string; lines: Map<string, number> }>();
  for (const [lineIndex, allocationIndex, quantity] of entry.units) {
    const line = reservation.lines[lineIndex];
    const allocation = line?.allocations[allocationIndex];
    if (line === undefined || allocation === undefined) continue;
    const { locationId, region } = allocation;
    const parcel = byLocation.get(locationId) ?? { region, lines: new Map<string, number>() };
    parcel.lines.set(line.sku, (parcel.lines.get(line.sku) ?? 0) + quantity);
    byLocation.set(locationId, parcel);
  }
  return [...byLocation].map(([locationId, { region, lines }], index) => ({
    shipmentId: `shp.${reservation.keyHash}.${reservation.nonce}.${version}.${index}`,
    locationId,
    region,
    lines: [...lines].map(([sku, quantity]) => ({ sku, quantity })),
    ...(entry.carrier === undefined ? {} : { carrier: entry.carrier }),
    ...(entry.trackingId === undefined ? {} : { trackingId: entry.trackingId }),
    shippedAtMs: entry.atMs,
  }));
}

function finish(draft: Draft, reservation: Reservation, version: number): ReservationState {
  const common = {
    version,
    metadata: draft.metadata,
    expiresAtMs: draft.expiresAtMs,
    extensions: draft.extensions,
    ...(draft.confirmation === undefined ? {} : { confirmation: draft.confirmation }),
    lines: draft.lines.map(({ line, quantity, kept, left }) => ({
      sku: line.sku,
      ...(line.locationId === undefined ? {} : { locationId: line.locationId }),
      quantity,
      allocations: line.allocations.map(({ locationId, region, shard }, index) => ({
        locationId,
        region,
        shard,
        kept: kept[index] ?? 0,
        left: left[index] ?? 0,
      })),
    })),
  };
  const { status, confirmed } = draft;
  if (status === 'held' || status === 'released' || status === 'expired') return { ...common, status };
  if (confirmed === undefined) throw new Error(`A reservation is ${status} without a confirmation`);
  const shipments = draft.shipped.flatMap((call) => shipmentsOf(reservation, call.entry, call.version));
  return { ...common, status, ...confirmed, shipments };
}

/** The reservation at a version, by default its last. */
export function stateOf(reservation: Reservation, version = reservation.version): ReservationState {
  const draft = begin(reservation);
  for (let at = 2; at <= version; at += 1) apply(draft, reservation, at);
  return finish(draft, reservation, version);
}
