import { ChangeContendedError } from './complete-change.ts';
import { type Dependencies, type Parking, StoreUnavailableError } from './ports.ts';
import type { ChangeEvent, StreamedRecord } from './streamed-record.ts';

/**
 * A change that fails for a reason that is a bug, or looks like one, is shown again for so long: somebody may be
 * deploying. Then it is parked, because a stream that shows it again shows everything behind it again too.
 */
const PATIENCE_MS = 15 * 60_000;

/** Nothing is wrong with the change: later it can be completed. */
export const isForLater = (error: unknown): boolean =>
  error instanceof ChangeContendedError || error instanceof StoreUnavailableError;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export interface ProgressDependencies extends Pick<Dependencies, 'clock'> {
  readonly parking: Parking;
}

/** What has become of the records of a batch so far. */
export class BatchProgress {
  readonly records: readonly StreamedRecord[];
  readonly #deps: ProgressDependencies;
  readonly #report: (event: ChangeEvent) => void;
  readonly #again = new Set<number>();
  readonly #parked = new Set<number>();
  #firstError: unknown;

  constructor(
    records: readonly StreamedRecord[],
    deps: ProgressDependencies,
    report: (event: ChangeEvent) => void,
  ) {
    this.records = records;
    this.#deps = deps;
    this.#report = report;
  }

  /** Indexes of the records that nothing stands in the way of. */
  open(): number[] {
    return this.records.flatMap((_, index) =>
      this.#again.has(index) || this.#parked.has(index) ? [] : [index],
    );
  }

  mustComeAgain(index: number): boolean {
    return this.#again.has(index);
  }

  /** A record must be shown again: there was no time for it, or one of the same item must be shown again. */
  postpone(index: number): void {
    this.#again.add(index);
  }

  /** A record could not be handled: it is shown again, or parked if that has been tried for long enough. */
  async fail(index: number, error: unknown): Promise<void> {
    const record = this.records[index];
    if (record === undefined) return;
    const { recordKey, committedAtMs } = record;
    if (isForLater(error)) {
      this.#firstError ??= error;
      this.#again.add(index);
      return;
    }
    if (this.#deps.clock.now() - committedAtMs < PATIENCE_MS) {
      this.#report({ event: 'failed', recordKey, error });
      this.#again.add(index);
      return;
    }
    this.#report({ event: 'given_up', recordKey, error });
    await this.#park(index, record, error);
  }

  /** A record cannot be read: no patience changes that. */
  async reject(index: number, error: Error): Promise<void> {
    const record = this.records[index];
    if (record === undefined) return;
    this.#report({ event: 'unreadable', recordKey: record.recordKey, error });
    await this.#park(index, record, error);
  }

  /** Records that must be shown again, by their positions, and how many were parked. */
  end(): { readonly failed: readonly string[]; readonly parked: number } {
    const failed = this.records.flatMap(({ position }, index) => (this.#again.has(index) ? [position] : []));
    if (failed.length > 0) {
      const error = this.#firstError;
      this.#report({
        event: 'postponed',
        count: failed.length,
        ...(error === undefined ? {} : { error }),
      });
    }
    return { failed, parked: this.#parked.size };
  }

  async #park(index: number, { raw, recordKey }: StreamedRecord, error: unknown): Promise<void> {
    const isParked = await this.#deps.parking.park({ record: raw, recordKey, reason: reasonOf(error) });
    if (isParked) {
      this.#parked.add(index);
      return;
    }
    this.#report({ event: 'not_parked', recordKey });
    this.#again.add(index);
  }
}
