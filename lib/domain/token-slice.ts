/**
 * Tokens that one environment has taken from a bucket and spends without asking again. A slice is what the environment
 * is expected to spend in a moment, so that few tokens lie where nobody asks for them.
 */
import type { BucketRate } from './token-bucket.ts';

/** An environment takes for so long, at the speed at which requests came lately: four calls a second, at most. */
const SLICE_MS = 250;

/**
 * Unspent tokens are forgotten after this time: an environment may be frozen for minutes, and what it then spent would
 * come on top of what the others were given since. It is what the bound on accepted requests is wider by.
 */
export const SLICE_KEPT_MS = 500;

/** The share of a bucket that one environment takes at once. */
const SLICE_SHARE = 1 / 10;

/** How much of the known distance between two requests is kept when the next one is measured. */
const MEMORY = 0.7;

/** The usual distance between two requests in this environment, after another one. */
export function gapAfter(gapMs: number | undefined, lastMs: number | undefined, nowMs: number): number {
  if (lastMs === undefined) return Number.POSITIVE_INFINITY;
  const newestMs = Math.max(0, nowMs - lastMs);
  // After a pause nothing is known: the first request must not look like many.
  if (gapMs === undefined || !Number.isFinite(gapMs) || newestMs > SLICE_KEPT_MS) return newestMs;
  return gapMs * MEMORY + newestMs * (1 - MEMORY);
}

/** Tokens to take for requests that come at such a distance: 1 at least. */
export function sliceSize({ burst }: BucketRate, gapMs: number): number {
  const most = Math.max(1, Math.floor(burst * SLICE_SHARE));
  if (gapMs <= 0) return most;
  return Math.min(most, Math.max(1, Math.floor(SLICE_MS / gapMs)));
}
