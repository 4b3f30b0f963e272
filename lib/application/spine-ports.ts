/** What happens after a commit goes out through these. Adapters implement them; the simulator implements them too. */
import type { DomainEvent } from '../domain/event.ts';
import type { Movement } from '../domain/movement.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Rollup, RollupKey } from '../domain/rollup.ts';
import type { Consistency } from './store-port.ts';

/** Something with an id that is the same whenever it is sent. */
export interface Message {
  readonly id: string;
}

/**
 * A way out: a queue, a bus, a log. It takes each message at least once; whoever is behind it must bear to get one
 * twice, late, or before another.
 */
export interface Outlet<Sent extends Message> {
  /**
   * Hands messages over, in batches.
   *
   * @returns the ids of those that were not taken, or not known to be; never throws for an outlet that is down.
   */
  send(messages: readonly Sent[]): Promise<ReadonlySet<string>>;
}

/** Tells the worker of the order queue to look at a reservation: all else is read from the reservation itself. */
export interface OrderMessage extends Message {
  readonly tenantId: string;
  readonly reservationId: string;
  /** The version that was confirmed, or that queued a confirmation. */
  readonly version: number;
  /** The request that made the version, to be found by it in the logs. */
  readonly requestId?: string;
}

/**
 * An entry of the analytics log: a movement of the ledger, or one version of a reservation with the change that made
 * it. Immutable, and written once at least.
 */
export type LogEntry = Message & {
  readonly tenantId: string;
  readonly region: string;
  readonly atMs: number;
} & (
    | { readonly kind: 'movement'; readonly movement: Movement }
    | {
        readonly kind: 'reservation';
        readonly reservationId: string;
        readonly version: number;
        /** As the change left it. */
        readonly reservation: Reservation;
      }
  );

/** What an outlet is called with, by channel. */
export interface Outlets {
  readonly events: Outlet<DomainEvent>;
  readonly orders: Outlet<OrderMessage>;
  readonly log: Outlet<LogEntry>;
}

/** A change that nobody can complete, as the stream showed it. */
export interface ParkedChange {
  readonly record: unknown;
  /** Key of the stored record; empty when not even that can be read. */
  readonly recordKey: string;
  readonly reason: string;
}

/** Where such changes wait for somebody who mends the cause and sends them once more. */
export interface Parking {
  /** @returns whether it is there now; never throws for a parking that is down. */
  park(change: ParkedChange): Promise<boolean>;
}

/** How far a region's read model has followed the changes. */
export interface Watermark {
  /** When a sign of life of the region was written. */
  readonly writtenAtMs: number;
  /** When the stream had brought it here. */
  readonly seenAtMs: number;
}

/** `refused`: nothing was written; `there` is what the database decided on, absent if there is none. */
export type PutRollup =
  | { readonly outcome: 'stored' }
  | { readonly outcome: 'refused'; readonly there: Rollup | undefined };

/**
 * The rollups of one region: written by its stream, read by everybody there.
 *
 * Every method throws a `StoreUnavailableError` when the database cannot be reached or keeps failing.
 */
export interface ReadModel {
  get(key: RollupKey, consistency: Consistency): Promise<Rollup | undefined>;
  /** Eventual; the answer has an entry for each key, in order. */
  getMany(keys: readonly RollupKey[]): Promise<readonly (Rollup | undefined)[]>;
  /** Stores a rollup if the one there still has the version before it, or there is none and it is the first. */
  put(rollup: Rollup): Promise<PutRollup>;
  watermark(): Promise<Watermark | undefined>;
  /** Stores how far the changes were followed, unless a later one is known. */
  setWatermark(watermark: Watermark): Promise<void>;
}

/** A rollup, and how new it is at least. */
export interface SeenStock {
  readonly rollup: Rollup;
  readonly asOfMs: number;
}

/** What the read model says of skus, remembered for a second: for answers and hints, never to take units by. */
export interface StockDirectory {
  of(tenantId: string, sku: string): Promise<SeenStock | undefined>;
  /** The answer has an entry for each sku, in order. */
  many(tenantId: string, skus: readonly string[]): Promise<readonly (SeenStock | undefined)[]>;
}
