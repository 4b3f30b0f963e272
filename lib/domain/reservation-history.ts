/**
 * The fold over the history of a reservation. It is the only place that knows what a change does to the
 * units, the expiry and the status.
 */
import { formatReservationId } from './identifiers.ts';
import type { Rejection } from './rejection.ts';
import type {
  AllocatedUnits,
  HistoryEntry,
  Reservation,
  ReservationLine,
  ReservationStatus,
} from './reservation.ts';

export type ShipEntry = HistoryEntry & { did: 'ship' };
export type QueueEntry = HistoryEntry & { did: 'queue' };

/** `queued`: not judged yet. `failed`: refused, and nothing was confirmed since. */
export type QueuedConfirmation =
  | { readonly status: 'queued'; readonly entry: QueueEntry }
  | { readonly status: 'failed'; readonly code: Rejection['code']; readonly detail: string };

/** What is known of a reservation while its history is folded. */
export interface Draft {
  status: ReservationStatus;
  expiresAtMs: number;
  extensions: number;
  metadata: Readonly<Record<string, string>>;
  lines: DraftLine[];
  confirmed?: { orderId: string; confirmedAtMs: number };
  /** A confirmation that waits for its judgement, or that was refused. */
  confirmation?: QueuedConfirmation;
  /** Ship calls, each with the version it made. */
  shipped: { entry: ShipEntry; version: number }[];
}
interface DraftLine {
  line: ReservationLine;
  quantity: number;
  kept: number[];
  left: number[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const unitsLeft = (draft: Draft): number => sum(draft.lines.map(({ left }) => sum(left)));

/** As it was when it was created. */
export function begin(reservation: Reservation): Draft {
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
    shipped: [],
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
    if (draft.shipped.length > 0) line.quantity -= sum(line.left);
    line.kept = shipped;
    line.left = line.left.map(() => 0);
  }
}

function applyConfirm(
  draft: Draft,
  reservation: Reservation,
  entry: HistoryEntry & { did: 'confirm' },
): void {
  draft.status = 'confirmed';
  delete draft.confirmation;
  draft.confirmed = {
    orderId: entry.orderId ?? formatReservationId(reservation),
    confirmedAtMs: entry.atMs,
  };
  if (entry.metadata !== undefined) draft.metadata = entry.metadata;
  if (entry.leftOut === undefined) return;
  subtract(draft, entry.leftOut, 'both');
  for (const line of draft.lines) line.quantity = sum(line.kept);
}

/** The change that made a version. */
export function apply(draft: Draft, reservation: Reservation, version: number): void {
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
    case 'queue':
      draft.confirmation = { status: 'queued', entry };
      return;
    case 'refuse':
      draft.confirmation = { status: 'failed', code: entry.code, detail: entry.detail };
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
      draft.status = draft.shipped.length > 0 ? 'shipped' : 'cancelled';
      return;
    case 'ship':
      subtract(draft, entry.units, 'left');
      draft.shipped.push({ entry, version });
      draft.status = unitsLeft(draft) === 0 ? 'shipped' : 'partially_shipped';
  }
}
