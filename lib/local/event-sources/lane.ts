import { setTimeout as sleep } from 'node:timers/promises';
import type { StackClock } from '../clock.ts';
import type { Outcome } from '../environments/environment.ts';
import type { EventSourceDefinition } from '../template/event-sources.ts';
import { doneRecords } from './batch-response.ts';
import type { GivenUp } from './given-up.ts';
import { eventRecord, type SourceRecord } from './stream-event.ts';

/** Lambda waits longer; whoever tries something here waits for it. Each failure doubles it. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** More doublings than these exceed the maximum. */
const MAX_DOUBLINGS = 10;

export interface LaneOptions {
  readonly definition: EventSourceDefinition;
  readonly clock: StackClock;
  readonly invoke: (event: object) => Promise<Outcome>;
  readonly onOutput: (line: string) => void;
  /** Told of records before they are forgotten; when it rejects, they are not. @default nobody is told */
  readonly onGivenUp?: (givenUp: GivenUp) => Promise<void>;
  /** Called whenever records have been done with. */
  readonly onProgress: () => void;
}

/** Delivers the records of one shard, in order, one batch after the other. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #records: SourceRecord[] = [];
  #stopped = new AbortController();
  /** Aborted to end a wait before its time. */
  #wait = new AbortController();
  #active = false;
  #failures = 0;
  #lastOutcome: Outcome | undefined;
  /** Halved by each failure when the mapping bisects. */
  #limit: number;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#limit = options.definition.batchSize;
    this.#stopped.abort();
  }

  /** Records that no delivery has done with. */
  get records(): readonly SourceRecord[] {
    return this.#records;
  }

  add(record: SourceRecord): void {
    this.#records.push(record);
    if (!this.#active) void this.#run();
    else if (this.#records.length === this.#limit) this.#wait.abort();
  }

  /** Begins to deliver, or goes on with it. */
  start(): void {
    if (!this.#stopped.signal.aborted) return;
    this.#stopped = new AbortController();
    this.#failures = 0;
    void this.#run();
  }

  /** Delivers nothing more. What is in flight counts as not delivered. */
  stop(): void {
    this.#stopped.abort();
    this.#wait.abort();
  }

  /** Ends a wait: the clock has moved, or what failed may work now. */
  wake(): void {
    this.#wait.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    if (this.#active) return;
    this.#active = true;
    while (!signal.aborted && this.#records.length > 0) {
      await this.#waitForBatch(signal);
      if (!signal.aborted) await this.#deliver(signal);
    }
    this.#active = false;
    // It may have been started again while the last invocation of its former life came to its end.
    if (!this.#stopped.signal.aborted && this.#records.length > 0) await this.#run();
  }

  async #waitForBatch(signal: AbortSignal): Promise<void> {
    const { definition, clock } = this.#options;
    while (!signal.aborted && this.#records.length < this.#limit) {
      const sinceMs = this.#records[0]?.createdAtMs ?? clock.nowMs();
      const leftMs = sinceMs + definition.batchingWindowMs - clock.nowMs();
      if (leftMs <= 0) return;
      await this.#pause(leftMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    this.#wait = new AbortController();
    await sleep(ms, undefined, { signal: this.#wait.signal, ref: false }).catch(() => undefined);
  }

  async #deliver(signal: AbortSignal): Promise<void> {
    const { definition, invoke } = this.#options;
    if (await this.#dropAged(signal)) return;
    const batch = this.#records.slice(0, this.#limit);
    const source = { region: definition.function.region, streamArn: definition.streamArn };
    const outcome = await invoke({ Records: batch.map((record) => eventRecord(record, source)) });
    if (signal.aborted) return;
    const done = doneRecords(outcome, batch, definition.reportsFailures);
    if (done > 0) this.#finish(done);
    if (done === batch.length) this.#limit = definition.batchSize;
    else await this.#fail(outcome, { batch, done }, signal);
  }

  #finish(count: number): void {
    this.#records.splice(0, count);
    this.#failures = 0;
    this.#lastOutcome = undefined;
    this.#options.onProgress();
  }

  async #fail(
    outcome: Outcome,
    { batch, done }: { readonly batch: readonly SourceRecord[]; readonly done: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { bisects, maxRetries = Number.POSITIVE_INFINITY } = this.#options.definition;
    if (bisects && done === 0 && batch.length > 1) {
      // A half that fails again is halved again; none of that counts as an attempt.
      this.#limit = Math.ceil(batch.length / 2);
      return;
    }
    // A function that was never reached has not failed.
    if (outcome.kind !== 'throttled') {
      this.#failures += 1;
      this.#lastOutcome = outcome;
    }
    if (this.#failures > maxRetries) {
      const why = `after ${maxRetries} retries`;
      await this.#giveUp('RetryAttemptsExhausted', { records: batch.slice(done), why }, signal);
      return;
    }
    const doublings = Math.min(Math.max(0, this.#failures - 1), MAX_DOUBLINGS);
    await this.#pause(Math.min(FIRST_RETRY_MS * 2 ** doublings, MAX_RETRY_MS));
  }

  /** @returns true when records were too old to be delivered. */
  async #dropAged(signal: AbortSignal): Promise<boolean> {
    const { definition, clock } = this.#options;
    const oldestMs = clock.nowMs() - (definition.maxAgeMs ?? Number.POSITIVE_INFINITY);
    const firstYoung = this.#records.findIndex(({ createdAtMs }) => createdAtMs >= oldestMs);
    const aged = this.#records.slice(0, firstYoung < 0 ? this.#records.length : firstYoung);
    if (aged.length === 0) return false;
    const records = aged.slice(0, definition.batchSize);
    await this.#giveUp('RecordAgeExceeded', { records, why: 'that are too old' }, signal);
    return true;
  }

  async #giveUp(
    condition: GivenUp['condition'],
    { records, why }: { readonly records: readonly SourceRecord[]; readonly why: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { definition, onGivenUp } = this.#options;
    try {
      await onGivenUp?.({ condition, records, attempts: this.#failures, outcome: this.#lastOutcome });
    } catch (cause) {
      if (signal.aborted) return;
      this.#report(`cannot tell of what it gives up: ${(cause as Error).message}`);
      await this.#pause(MAX_RETRY_MS);
      return;
    }
    if (signal.aborted) return;
    this.#report(`gave up ${records.length} records ${why}, from ${sequenceOf(records[0])} on`);
    this.#limit = definition.batchSize;
    this.#finish(records.length);
  }

  #report(what: string): void {
    const { name, region } = this.#options.definition.function;
    this.#options.onOutput(`The event source of ${name} in ${region} ${what}.`);
  }
}

function sequenceOf(record: SourceRecord | undefined): string {
  return record?.wire.dynamodb.SequenceNumber ?? '';
}
