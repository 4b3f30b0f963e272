import type { Database } from './database.ts';

/** What an attempt waits at first: about what a transaction takes. */
const WAIT_BASE_MS = 10;
/** The longest wait: of many who want the same item, each gets a turn within the deadline. */
const WAIT_MAX_MS = 320;

/** How often and how long something is tried. */
export interface Patience {
  readonly attemptsMax: number;
  readonly deadlineMs: number;
}

/**
 * Waits before another attempt: at random up to a bound that doubles each time (full jitter), so that those
 * who met do not meet again.
 *
 * @returns `false`, at once, when patience is at its end.
 */
export async function backOff(
  { clock, random }: Database,
  attempts: number,
  { attemptsMax, deadlineMs }: Patience,
): Promise<boolean> {
  if (attempts >= attemptsMax) return false;
  const waitMs = random.fraction() * Math.min(WAIT_MAX_MS, WAIT_BASE_MS * 2 ** attempts);
  if (clock.now() + waitMs > deadlineMs) return false;
  await clock.sleep(waitMs);
  return true;
}
