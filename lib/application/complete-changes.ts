/** Completes a batch of changes that a stream shows, in order, as far as its time allows. */
import { ChangeContendedError, completeChange } from './complete-change.ts';
import { type Dependencies, type RecordChange, StoreUnavailableError } from './ports.ts';
import type { Notice } from './settle-siblings.ts';

/** A record that a stream shows, and where it stands there. */
export type StreamedRecord = {
  readonly position: string;
  readonly recordKey: string;
  readonly committedAtMs: number;
} & (
  | { readonly change: RecordChange; readonly fault?: never }
  /** Why it cannot be read. */
  | { readonly change?: never; readonly fault: Error }
);

/** What somebody should hear of a batch. */
export type ChangeEvent =
  | { readonly event: 'noticed'; readonly notice: Notice }
  /** A record that cannot be read was left out. */
  | { readonly event: 'unreadable'; readonly recordKey: string; readonly error: unknown }
  /** A change that a bug keeps from being completed was left out. */
  | { readonly event: 'given_up'; readonly recordKey: string; readonly error: unknown }
  /** `count` records must be shown again. `error`: what stood in the way, if it was not the time. */
  | { readonly event: 'postponed'; readonly count: number; readonly error?: unknown }
  | { readonly event: 'demand_not_followed'; readonly error: unknown };

export interface ChangesOptions {
  /** No record is begun after this time, but the first one always is. */
  readonly deadlineMs: number;
  readonly followDemand: (changes: readonly RecordChange[]) => Promise<void>;
  readonly report: (event: ChangeEvent) => void;
}

/**
 * A change that fails for a reason that is a bug, or looks like one, is shown again for so long: somebody may be
 * deploying. Then it is left out, because everything behind it waits.
 */
const PATIENCE_MS = 15 * 60_000;

/** Changes whose demand is followed between two looks at the clock. */
const FOLLOWED_AT_ONCE = 10;

/** Nothing is wrong with the change: later it can be completed. */
const isForLater = (error: unknown): boolean =>
  error instanceof ChangeContendedError || error instanceof StoreUnavailableError;

async function completeOne(
  deps: Dependencies,
  { recordKey, committedAtMs, change, fault }: StreamedRecord,
  report: ChangesOptions['report'],
): Promise<void> {
  if (change === undefined) return report({ event: 'unreadable', recordKey, error: fault });
  try {
    for (const notice of await completeChange(deps, change)) report({ event: 'noticed', notice });
  } catch (error) {
    if (isForLater(error) || deps.clock.now() - committedAtMs < PATIENCE_MS) throw error;
    report({ event: 'given_up', recordKey, error });
  }
}

/** Demand is a matter of speed: whatever goes wrong here, the changes are completed. */
async function follow(
  { clock }: Dependencies,
  changes: readonly RecordChange[],
  { deadlineMs, followDemand, report }: ChangesOptions,
): Promise<void> {
  try {
    for (let start = 0; start < changes.length; start += FOLLOWED_AT_ONCE) {
      if (clock.now() >= deadlineMs) return;
      await followDemand(changes.slice(start, start + FOLLOWED_AT_ONCE));
    }
  } catch (error) {
    report({ event: 'demand_not_followed', error });
  }
}

/** Completes one after the other. @returns how many are done. */
async function completeAll(
  deps: Dependencies,
  records: readonly StreamedRecord[],
  { deadlineMs, report }: ChangesOptions,
): Promise<number> {
  for (const [index, record] of records.entries()) {
    const count = records.length - index;
    if (index > 0 && deps.clock.now() >= deadlineMs) {
      report({ event: 'postponed', count });
      return index;
    }
    try {
      await completeOne(deps, record, report);
    } catch (error) {
      if (!isForLater(error)) throw error;
      report({ event: 'postponed', count, error });
      return index;
    }
  }
  return records.length;
}

/**
 * Completes changes until one must be tried again.
 *
 * @returns the position of that one: it and all behind it must be shown again. `undefined`: all is done.
 * @throws what is a bug, for as long as it is new.
 */
export async function completeChanges(
  deps: Dependencies,
  records: readonly StreamedRecord[],
  options: ChangesOptions,
): Promise<string | undefined> {
  const done = await completeAll(deps, records, options);
  const changes = records.slice(0, done).flatMap(({ change }) => change ?? []);
  await follow(deps, changes, options);
  return records[done]?.position;
}
