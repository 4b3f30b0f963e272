import type { StackClock } from '../clock.ts';
import type { Outcome } from '../environments/environment.ts';
import type { StreamRecord } from '../streams/stream-record.ts';
import type { EventSourceDefinition } from '../template/event-sources.ts';
import { failureMessage } from './given-up.ts';
import { Lane, type LaneOptions } from './lane.ts';
import { eventRecord, type SourceRecord } from './stream-event.ts';

/** More records than these wait in the stream: one takes a few kilobytes, and a function may fail for long. */
const MAX_WAITING = 20_000;

export interface EventSourceOptions {
  readonly definition: EventSourceDefinition;
  readonly clock: StackClock;
  readonly invoke: (event: object) => Promise<Outcome>;
  readonly onOutput: (line: string) => void;
  /** Sends to the destination of failed batches. @default there is none */
  readonly sendFailure?: (message: object) => Promise<void>;
}

/** Delivers a table's stream to a function, as an event source mapping says. */
export class EventSource {
  readonly definition: EventSourceDefinition;
  readonly #options: EventSourceOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #waitingForRoom = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #running = false;
  #finished = 0;

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.definition = options.definition;
    this.#unsubscribe = options.clock.onAdvance(() => this.wake());
  }

  /** Records that match and have not been delivered, for a restart too. */
  get records(): readonly SourceRecord[] {
    return [...this.#lanes.values()].flatMap(({ records }) => records);
  }

  get waiting(): number {
    let waiting = 0;
    for (const { records } of this.#lanes.values()) waiting += records.length;
    return waiting;
  }

  /** Grows with each delivery. */
  get finished(): number {
    return this.#finished;
  }

  /** Age of the oldest record that has not been delivered, by the clock of the stack; 0: there is none. */
  get lagMs(): number {
    const oldest = [...this.#lanes.values()].flatMap(({ records }) => records[0]?.createdAtMs ?? []);
    const nowMs = this.#options.clock.nowMs();
    return nowMs - Math.min(nowMs, ...oldest);
  }

  /** Takes what the stream shows. */
  offer(records: readonly StreamRecord[]): void {
    const { clock } = this.#options;
    this.restore(records.map((record) => ({ ...record, createdAtMs: record.readAtMs + clock.offsetMs })));
  }

  /** Takes records that an earlier run has not delivered. */
  restore(records: readonly SourceRecord[]): void {
    for (const record of records) {
      if (record.tableName === this.definition.tableName && this.#matches(record)) {
        this.#laneOf(record.lane).add(record);
      }
    }
  }

  /** Resolves when there is room for more records: the stream keeps the others until then. */
  async room(): Promise<void> {
    while (this.#running && this.waiting >= MAX_WAITING) {
      await new Promise<void>((resolve) => this.#waitingForRoom.add(resolve));
    }
  }

  start(): void {
    this.#running = true;
    for (const lane of this.#lanes.values()) lane.start();
  }

  stop(): void {
    this.#running = false;
    for (const lane of this.#lanes.values()) lane.stop();
    this.#makeRoom();
  }

  /** Tries at once what waits. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake();
  }

  /** Stops for good. */
  dispose(): void {
    this.stop();
    this.#unsubscribe();
  }

  #matches(record: SourceRecord): boolean {
    const { filters, function: target, streamArn } = this.definition;
    if (filters.length === 0) return true;
    const seen = eventRecord(record, { region: target.region, streamArn });
    return filters.some((matches) => matches(seen));
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const onProgress = (): void => {
      this.#finished += 1;
      this.#makeRoom();
    };
    const lane = new Lane({ ...this.#options, ...this.#destination(), onProgress });
    this.#lanes.set(name, lane);
    if (this.#running) lane.start();
    return lane;
  }

  #destination(): Pick<LaneOptions, 'onGivenUp'> {
    const { definition, clock, sendFailure } = this.#options;
    if (sendFailure === undefined) return {};
    return { onGivenUp: (givenUp) => sendFailure(failureMessage(givenUp, definition, clock.nowMs())) };
  }

  #makeRoom(): void {
    for (const resolve of this.#waitingForRoom) resolve();
    this.#waitingForRoom.clear();
  }
}
