/** What a reservation is after each of its changes: the fold of its history. */
import { formatReservationId } from './identifiers.ts';
import type {
  AllocatedUnits,
  HistoryEntry,
  Reservation,
  ReservationLine,
  ReservationStatus,
} from './reservation.ts';

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
} & (
  | { readonly status: 'held' | 'released' | 'expired' }
  | {
      readonly status: 'confirmed' | 'partially_shipped' | 'shipped' | 'cancelled';
      readonly orderId: string;
      readonly confirmedAtMs: number;
      readonly shipments: readonly ShipmentState[];
    }
);

interface Draft {
  status: ReservationStatus;
  expiresAtMs: number;
  extensions: number;
  metadata: Readonly<Record<string, string>>;
  lines: DraftLine[];
  confirmed?: { orderId: string; confirmedAtMs: number };
  shipments: ShipmentState[];
}
interface DraftLine {
  line: ReservationLine;
  quantity: number;
  kept: number[];
  left: number[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const unitsLeft = (draft: Draft): number => sum(draft.lines.map(({ left }) => sum(left)));

function begin(reservation: Reservation): Draft {
  return {
    status: 'held',
    expiresAtMs: reservation.firstExpiresAtMs,
    extensions: 0,
    metadata: reservation.metadata,
    lines: reservation.lines.map((line) => ({
      line,
      quantity: line.quantity,
      kept: line.allocations.map(({ quantity }) => quantity),
      left: line.allocations.map(({ quantity }) => quantity),
    })),
    shipments: [],
  };
}

function subtract(draft: Draft, units: readonly AllocatedUnits[], from: 'left' | 'both'): void {
  for (const [lineIndex, allocation, quantity] of units) {
    const line = draft.lines[lineIndex];
    if (line === undefined) continue;
    line.left[allocation] = (line.left[allocation] ?? 0) - quantity;
    if (from === 'left') continue;
    line.kept[allocation] = (line.kept[allocation] ?? 0) - quantity;
    line.quantity -= quantity;
  }
}

/** Gives back all that is left. What was asked stays readable when nothing else is. */
function giveAllBack(draft: Draft): void {
  for (const line of draft.lines) {
    const shipped = line.kept.map((kept, index) => kept - (line.left[index] ?? 0));
    if (draft.shipments.length > 0) line.quantity -= sum(line.left);
    line.kept = shipped;
    line.left = line.left.map(() => 0);
  }
}

/** The shipments of one ship call, one for each location, in the order of their first unit. */
export function shipmentsOf(
  reservation: Reservation,
  entry: HistoryEntry & { did: 'ship' },
  version: number,
): ShipmentState[] {
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

function applyConfirm(
  draft: Draft,
  reservation: Reservation,
  entry: HistoryEntry & { did: 'confirm' },
): void {
  draft.status = 'confirmed';
  draft.confirmed = {
    orderId: entry.orderId ?? formatReservationId(reservation),
    confirmedAtMs: entry.atMs,
  };
  if (entry.metadata !== undefined) draft.metadata = entry.metadata;
  if (entry.leftOut === undefined) return;
  subtract(draft, entry.leftOut, 'both');
  for (const line of draft.lines) line.quantity = sum(line.kept);
}

function apply(draft: Draft, reservation: Reservation, version: number): void {
  const entry = reservation.history[version - 2];
  if (entry === undefined) return;
  switch (entry.did) {
    case 'confirm':
      applyConfirm(draft, reservation, entry);
      return;
    case 'release':
      if (sum(entry.units.map(([, , quantity]) => quantity)) === unitsLeft(draft)) {
        giveAllBack(draft);
        draft.status = 'released';
      } else {
        subtract(draft, entry.units, 'both');
      }
      return;
    case 'extend':
      draft.expiresAtMs = entry.expiresAtMs;
      draft.extensions += 1;
      return;
    case 'expire':
      giveAllBack(draft);
      draft.status = 'expired';
      return;
    case 'cancel':
      giveAllBack(draft);
      draft.status = draft.shipments.length > 0 ? 'shipped' : 'cancelled';
      return;
    case 'ship':
      subtract(draft, entry.units, 'left');
      draft.shipments.push(...shipmentsOf(reservation, entry, version));
      draft.status = unitsLeft(draft) === 0 ? 'shipped' : 'partially_shipped';
  }
}

function finish(draft: Draft, version: number): ReservationState {
  const common = {
    version,
    metadata: draft.metadata,
    expiresAtMs: draft.expiresAtMs,
    extensions: draft.extensions,
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
  const { status, confirmed, shipments } = draft;
  if (status === 'held' || status === 'released' || status === 'expired') return { ...common, status };
  if (confirmed === undefined) throw new Error(`A reservation is ${status} without a confirmation`);
  return { ...common, status, ...confirmed, shipments };
}

/**
 * The reservation at a version, by default its last. The fold is the only place that knows what a change
 * does to it.
 */
export function stateOf(reservation: Reservation, version = reservation.version): ReservationState {
  const draft = begin(reservation);
  for (let at = 2; at <= version; at += 1) apply(draft, reservation, at);
  return finish(draft, version);
}
