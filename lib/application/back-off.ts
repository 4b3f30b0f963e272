import type { Dependencies } from './ports.ts';

/** The first wait after a refused commit, at most; it doubles with each attempt. */
const FIRST_WAIT_MS = 4;

/** The longest wait between two attempts: the caller is waiting too. */
const WAIT_MAX_MS = 200;

/** Waits a random while (full jitter), so that writers of one record do not meet again at once. */
export function backOff(
  { clock, random }: Pick<Dependencies, 'clock' | 'random'>,
  attempt: number,
): Promise<void> {
  return clock.sleep(random.fraction() * Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** attempt));
}
