/** Limits of the domain. Each has a name and a reason; the contracts and the adapters take them from here. */

/** The most units one request may name; far above any order, and sums of many stay exact integers. */
export const QUANTITY_MAX = 1_000_000_000;

/** The most units one location may have on hand: sums over all locations of a sku stay below 2^53. */
export const ON_HAND_MAX = 1_000_000_000_000;

/** Lines in a reservation: a cart, not a catalogue. */
export const RESERVATION_LINES_MAX = 50;

/**
 * Allocations in a reservation. One DynamoDB transaction takes 100 items: the reservation and each quota are
 * one, and a few are kept free for the shipments and the shortages a quota may owe.
 */
export const ALLOCATIONS_MAX = 90;

/** Seconds a hold may live when it is placed, and from now when it is extended. */
export const TTL_SECONDS_MIN = 5;
export const TTL_SECONDS_MAX = 86_400;
export const TTL_SECONDS_DEFAULT = 900;

/** A hold is for a shopper who is about to pay: it is extended at most this often and lives at most a day. */
export const EXTENSIONS_MAX = 10;
export const HOLD_LIFE_MAX_MS = 86_400_000;

/**
 * Changes one reservation remembers. Each keeps the idempotency key that made it, so that a retry is answered
 * the same for as long as the reservation lives; 100 of the largest stay well under the 400 KB of an item.
 */
export const HISTORY_MAX = 100;

/** Writes of one ship transaction besides the reservation: DynamoDB takes 100 in all. */
export const SHIP_WRITES_MAX = 99;

/**
 * How long an acceptance stays after its grant was last seen. A stream keeps its records for 24 hours, so no
 * copy of the grant can be delivered later than twice that.
 */
export const ACCEPTANCE_KEPT_MS = 172_800_000;

/**
 * How long a giver waits before it looks itself whether a grant was accepted, and again until it was: long after the
 * streams have usually told, soon enough that no unit is missed for longer than a shopper's visit.
 */
export const GRANT_CHECK_MS = 60_000;
