/**
 * A bucket of tokens, kept as one time: when it will be full again if nobody takes more. At a time `t` it lacks
 * `(fullAtMs - t) × rate` tokens, and none once that time is past. So to refill is to let time pass, to take is to add
 * to the time, and a database that can compare and add, but neither multiply nor choose the lesser of two numbers, can
 * do both in one conditional update.
 *
 * As long as clocks agree within a minute, the time only ever rises, and never further ahead of a taker's clock than
 * the burst takes to refill: that bounds what is taken, whoever takes, in whatever order, with clocks that differ.
 */

/** What a bucket allows. */
export interface BucketRate {
  readonly requestsPerSecond: number;
  /** Tokens in a full bucket. */
  readonly burst: number;
}

const MS_PER_SECOND = 1000;

/**
 * A time further ahead than a full bucket lasts, by more than this, was written by a clock that is wrong: such a bucket
 * counts as full, or its tenant would be refused until that time. Clocks of machines are milliseconds apart.
 */
export const ASTRAY_MS = 60_000;

/** How long so many tokens take to refill. */
export const refillMs = ({ requestsPerSecond }: BucketRate, tokens: number): number =>
  (tokens * MS_PER_SECOND) / requestsPerSecond;

/**
 * How to take tokens, by what the taker believes. `full`: the bucket is full, so it lacks what is taken from now on;
 * `lacking`: it lacks some, and then lacks more. A wrong belief is refused, and the refusal shows what is true.
 */
export interface Take {
  readonly from: 'full' | 'lacking';
  readonly atMs: number;
  /** How long the tokens that are taken take to refill. */
  readonly costMs: number;
  /** How far ahead the time may be afterwards: how long the whole bucket takes to refill. */
  readonly roomMs: number;
}

const isFull = (fullAtMs: number | undefined, { atMs, roomMs }: Pick<Take, 'atMs' | 'roomMs'>): boolean =>
  fullAtMs === undefined || fullAtMs < atMs || fullAtMs > atMs + roomMs + ASTRAY_MS;

/**
 * The take that fits what is known of a bucket. Its time only rises: what was seen to lack tokens until a time to come
 * still does; of another it has to be guessed whether others took from it since.
 *
 * @param tokens at most the burst: more than that no bucket ever has.
 */
export function planTake(
  rate: BucketRate,
  bucket: { readonly fullAtMs: number | undefined; readonly atMs: number; readonly guess: Take['from'] },
  tokens: number,
): Take {
  const { fullAtMs, atMs, guess } = bucket;
  if (tokens > rate.burst) throw new Error(`A bucket of ${rate.burst} tokens never has ${tokens}.`);
  const roomMs = refillMs(rate, rate.burst);
  const from = fullAtMs === undefined || isFull(fullAtMs, { atMs, roomMs }) ? guess : 'lacking';
  return { from, atMs, costMs: refillMs(rate, tokens), roomMs };
}

/** Whether a bucket lets a take through: the condition of its update. */
export function allowsTake(fullAtMs: number | undefined, take: Take): boolean {
  const { from, atMs, costMs, roomMs } = take;
  if (from === 'full') return isFull(fullAtMs, take);
  return fullAtMs !== undefined && fullAtMs >= atMs && fullAtMs <= atMs + roomMs - costMs;
}

/** When the bucket is full after a take that it let through. */
export const afterTake = (fullAtMs: number | undefined, { from, atMs, costMs }: Take): number =>
  (from === 'full' || fullAtMs === undefined ? atMs : fullAtMs) + costMs;

/** Whole tokens in a bucket. */
export function tokensIn(rate: BucketRate, fullAtMs: number | undefined, atMs: number): number {
  const roomMs = refillMs(rate, rate.burst);
  if (fullAtMs === undefined || isFull(fullAtMs, { atMs, roomMs })) return rate.burst;
  const presentMs = roomMs - (fullAtMs - atMs);
  // A sum of times that are no whole milliseconds may fall short of a token by less than anybody can measure.
  return Math.max(0, Math.floor((presentMs * rate.requestsPerSecond) / MS_PER_SECOND + 1e-6));
}

/** When a bucket has so many tokens again; a time that is past, if it has. */
export const tokensAtMs = (rate: BucketRate, fullAtMs: number, tokens: number): number =>
  fullAtMs - refillMs(rate, rate.burst) + refillMs(rate, tokens);
