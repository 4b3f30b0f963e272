/**
 * Where units go when they come to a location, leave it, or come free: shortage is paid first, then the
 * safety stock is kept back, and what remains may be promised. Pure arithmetic on what was read; the writes
 * made of it are refused if the stock or the quota has changed since.
 *
 * At every instant, for a location and its quotas in all regions:
 * `onHand + shortage = keptBack + available + promised + granted but not accepted + shipped but not booked`.
 */
import type { QuotaChange } from './quota-change.ts';
import type { StockChange } from './stock-change.ts';

/** What is known of a location. All counts are units. */
export interface Position {
  readonly onHand: number;
  readonly keptBack: number;
  readonly shortage: number;
  /** Units the quota of the home region may still promise. */
  readonly available: number;
  /** Units the product wants kept back at each location. */
  readonly safetyStock: number;
}

/** The two changes that belong into one transaction. */
export interface Settlement {
  readonly stock: StockChange;
  readonly quota: QuotaChange;
}

interface Shares {
  readonly shortagePaid: number;
  readonly kept: number;
  readonly rest: number;
}

function share(quantity: number, position: Position): Shares {
  const shortagePaid = Math.min(quantity, position.shortage);
  const wanted = Math.max(0, position.safetyStock - position.keptBack);
  const kept = Math.min(quantity - shortagePaid, wanted);
  return { shortagePaid, kept, rest: quantity - shortagePaid - kept };
}

/** Whether a location still waits for units before it may promise any. */
const isOwed = (shortage: number, keptBack: number, safetyStock: number): boolean =>
  shortage > 0 || keptBack < safetyStock;

function settleShares(position: Position, shares: Shares, onHand: number): Settlement {
  const shortage = position.shortage - shares.shortagePaid;
  const keptBack = position.keptBack + shares.kept;
  const recalled = isOwed(shortage, keptBack, position.safetyStock);
  return {
    stock: { onHand, keptBack: shares.kept, shortage: -shares.shortagePaid || 0, recalled },
    quota: { available: shares.rest, promised: 0, recalled },
  };
}

/** Units arrive. */
export function receive(position: Position, quantity: number): Settlement {
  return settleShares(position, share(quantity, position), quantity);
}

/** Units of a hold come back to a quota that is recalled: what the location is owed is paid first. */
export function settleGiveBack(position: Position, quantity: number): Settlement {
  const settled = settleShares(position, share(quantity, position), 0);
  return {
    stock: settled.stock,
    quota: { ...settled.quota, promised: -quantity, expectRecalled: true },
  };
}

/** Units that were counted elsewhere come to the home quota: no on-hand changes. */
export function recover(position: Position, quantity: number): Settlement {
  return settleShares(position, share(quantity, position), 0);
}

/**
 * A recalled quota has units available all the same, because they came back in a transaction that had no room to
 * settle them: they pay what the location is owed.
 */
export function payOwed(position: Position): Settlement {
  const shares = share(position.available, position);
  const { stock, quota } = settleShares(position, shares, 0);
  const paid = shares.shortagePaid + shares.kept;
  const { available: expectAvailable } = position;
  return { stock, quota: { ...quota, available: -paid || 0, expectRecalled: true, expectAvailable } };
}

/** Units of a grant arrive at a quota that is recalled. */
export function settleArrival(position: Position, quantity: number): Settlement {
  const settled = settleShares(position, share(quantity, position), 0);
  return { stock: settled.stock, quota: { ...settled.quota, expectRecalled: true } };
}

/**
 * Units leave, or are found missing. They come from what may be promised, then from what is kept back; what
 * neither covers is shortage.
 *
 * @returns also how many units became shortage: a caller that may not make one refuses the change.
 */
export function remove(position: Position, quantity: number): Settlement & { readonly missing: number } {
  const fromAvailable = Math.min(quantity, position.available);
  const fromKept = Math.min(quantity - fromAvailable, position.keptBack);
  const missing = quantity - fromAvailable - fromKept;
  const recalled = isOwed(position.shortage + missing, position.keptBack - fromKept, position.safetyStock);
  const quota = { available: -fromAvailable || 0, promised: 0, recalled };
  return {
    missing,
    stock: { onHand: -quantity, keptBack: -fromKept || 0, shortage: missing, recalled },
    // A recalled quota has nothing available: whoever takes the last must know that they were the last.
    quota: recalled ? { ...quota, expectAvailable: position.available } : quota,
  };
}

/** The safety stock has changed: what is free moves at once, the rest as it comes free. */
export function retarget(position: Position): Settlement {
  const wanted = position.safetyStock - position.keptBack;
  const kept = Math.min(wanted, position.available);
  const recalled = isOwed(position.shortage, position.keptBack + kept, position.safetyStock);
  const quota = { available: -kept || 0, promised: 0, recalled };
  return {
    stock: { onHand: 0, keptBack: kept, shortage: 0, recalled },
    quota: recalled ? { ...quota, expectAvailable: position.available } : quota,
  };
}
