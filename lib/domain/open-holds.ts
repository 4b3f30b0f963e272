/**
 * Open holds of one tenant, or of one customer of it, as a region has heard of them: the last value of each hold with its
 * version, and never a sum of differences, so that what comes twice, late or out of order changes nothing.
 */
import { listIdOf } from './identifiers.ts';
import type { Reservation } from './reservation.ts';
import { RECENT_MS } from './rollup.ts';
import { claimsOfReservation } from './unit-claims.ts';

export interface HeldUnits {
  readonly sku: string;
  readonly units: number;
}

/** A reservation, as its last change left it. */
export interface SeenHold {
  /** As in lists. */
  readonly id: string;
  readonly version: number;
  /** When this region heard of it. */
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
  /** Absent: it is no hold any more. Empty where units do not matter. */
  readonly held?: readonly HeldUnits[];
}

/** Whose holds are counted together: all of a tenant, or those of one reference of it. */
export interface HoldsKey {
  readonly tenantId: string;
  /** Hash of the reference; absent: all of the tenant. */
  readonly referenceHash?: string;
}

export interface OpenHolds extends HoldsKey {
  readonly holds: readonly SeenHold[];
  readonly version: number;
}

/**
 * Holds that are kept of one key. It is twice as many as any cap counts: from there on the tenant or the customer is
 * refused anyway, and the record stays below 50 KB.
 */
const HOLDS_MAX = 400;

/**
 * Holds of a tenant that are listed when it is at its cap. Of a larger cap, one of so many is listed that there are about
 * as many: a list of 100,000 could be neither stored nor read.
 */
const LISTED_AT_CAP = 200;

/** Of how many open holds of a tenant one is listed. */
export const listedOneOf = (openHolds: number): number => Math.max(1, Math.floor(openHolds / LISTED_AT_CAP));

/** Of its random bits so many are looked at: they fit a number exactly. */
const SAMPLED_DIGITS = 8;
const HEX = 16;

/** Whether a hold is among those that are listed. Its random bits decide: no caller can choose them. */
export const isListed = ({ nonce }: Pick<Reservation, 'nonce'>, oneOf: number): boolean =>
  Number.parseInt(nonce.slice(0, SAMPLED_DIGITS), HEX) * oneOf < HEX ** SAMPLED_DIGITS;

/** What a reservation says of itself, as it was heard. */
export function seenHold(reservation: Reservation, seenAtMs: number): SeenHold {
  const { version, status, expiresAtMs } = reservation;
  const seen = { id: listIdOf(reservation), version, seenAtMs, expiresAtMs };
  if (status !== 'held') return seen;
  const bySku = Map.groupBy(claimsOfReservation(reservation), ({ sku }) => sku);
  const held = [...bySku].map(([sku, claims]) => {
    return { sku, units: claims.reduce((sum, { units }) => sum + units, 0) };
  });
  return { ...seen, held };
}

/**
 * Until when a hold is kept: while it is open, and so long that no older change of it is believed any more. Changes
 * that come later than that are looked up.
 */
export const keptUntilMs = ({ held, expiresAtMs, seenAtMs }: SeenHold): number =>
  Math.max(seenAtMs + RECENT_MS, held === undefined ? 0 : expiresAtMs);

/**
 * What is known once the news are heard: the newest of each hold, without those that nobody needs to know of any more.
 * The known list itself, when nothing is newer.
 */
export function mergeHolds(
  known: readonly SeenHold[],
  news: readonly SeenHold[],
  nowMs: number,
): readonly SeenHold[] {
  const byId = new Map(known.map((hold) => [hold.id, hold]));
  let isChanged = false;
  for (const hold of news) {
    if ((byId.get(hold.id)?.version ?? 0) >= hold.version) continue;
    byId.set(hold.id, hold);
    isChanged = true;
  }
  if (!isChanged) return known;
  return [...byId.values()]
    .filter((hold) => keptUntilMs(hold) > nowMs)
    .toSorted((a, b) => keptUntilMs(b) - keptUntilMs(a) || (a.id < b.id ? -1 : 1))
    .slice(0, HOLDS_MAX);
}

/** Those that are open now: a hold past its expiry is none, whoever has heard of it. */
export const openAt = (holds: readonly SeenHold[], nowMs: number): readonly SeenHold[] =>
  holds.filter(({ held, expiresAtMs }) => held !== undefined && expiresAtMs > nowMs);

/** Units of a sku in holds. */
export const unitsHeld = (holds: readonly SeenHold[], sku: string): number =>
  holds
    .flatMap(({ held = [] }) => held)
    .reduce((sum, held) => (held.sku === sku ? sum + held.units : sum), 0);
