import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalRegion } from '../local-region.ts';

export const DEFAULT_QUIESCE_TIMEOUT_MS = 30_000;
export const MAX_QUIESCE_TIMEOUT_MS = 600_000;
const POLL_MS = 50;

/** How much work of a region is due by now, by the clock of the stack. */
export type CountDue = (region: string) => Promise<number>;

/** What still has to happen in a region. */
export interface OpenWork {
  readonly region: string;
  readonly requestsInFlight: number;
  readonly due: number;
}

async function openWork(regions: readonly LocalRegion[], countDue: CountDue): Promise<OpenWork[]> {
  const running = regions.filter(({ status }) => status === 'running');
  const all = await Promise.all(
    running.map(async (region) => ({
      region: region.name,
      requestsInFlight: region.requestsInFlight,
      due: await countDue(region.name),
    })),
  );
  return all.filter(({ requestsInFlight, due }) => requestsInFlight > 0 || due > 0);
}

/**
 * Waits until no running region has work left.
 *
 * @returns what is still open when the time is over; empty when all is quiet.
 */
export async function quiesce(
  regions: readonly LocalRegion[],
  countDue: CountDue,
  timeoutMs: number,
): Promise<OpenWork[]> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const open = await openWork(regions, countDue);
    if (open.length === 0 || performance.now() >= deadlineMs) return open;
    await sleep(POLL_MS);
  }
}
