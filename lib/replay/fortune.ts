import { createHash } from 'node:crypto';

/**
 * Holds that are given back instead of confirmed: shoppers who leave. Few enough that nearly every invoice is
 * shipped, as it was in the file.
 */
const RELEASED_SHARE = 0.03;

/**
 * Holds live for hours: a replay must ride through long outages, and a hold that expires on the way would make
 * the outcome depend on the time of day.
 */
const TTL_SECONDS_MIN = 21_600;
const TTL_SECONDS_MAX = 86_400;

/** Hexadecimal digits of a fraction: 48 bits, which a number holds exactly. */
const FRACTION_DIGITS = 12;
const KEY_DIGITS = 32;

/** What the seed decides. The same questions are always answered the same, in whatever order they are asked. */
export interface Fortune {
  /** The idempotency key of a step. */
  keyOf(orderId: string, step: string): string;
  /** Whether the hold of an order is released instead of confirmed. */
  isReleased(orderId: string): boolean;
  /** How long the hold of an order lives. */
  ttlSeconds(orderId: string): number;
  /** Which of several places a product lies in; from 0. */
  placeOf(sku: string, places: number): number;
}

/**
 * The fortune of a seed.
 *
 * @param run keeps the keys of different replays apart; two with the same name repeat each other's requests.
 */
export function createFortune(seed: number, run: string): Fortune {
  const digits = (length: number, ...parts: readonly (string | number)[]): string =>
    createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
  const fraction = (question: string, subject: string): number =>
    Number.parseInt(digits(FRACTION_DIGITS, seed, question, subject), 16) / 16 ** FRACTION_DIGITS;
  return {
    keyOf: (orderId, step) => `replay-${digits(KEY_DIGITS, seed, run, orderId, step)}`,
    isReleased: (orderId) => fraction('released', orderId) < RELEASED_SHARE,
    ttlSeconds: (orderId) =>
      TTL_SECONDS_MIN + Math.floor(fraction('ttl', orderId) * (TTL_SECONDS_MAX - TTL_SECONDS_MIN + 1)),
    placeOf: (sku, places) => Math.floor(fraction('place', sku) * places),
  };
}
