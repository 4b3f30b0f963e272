import * as z from 'zod';
import type { StackClock } from '../clock.ts';
import { pickSome, type ServiceAnswer, validationError } from '../service-endpoint/service-answer.ts';
import type { RegionModel } from '../template/region-model.ts';
import type { Receivers } from './attempts.ts';
import {
  type BusEvent,
  type Entry,
  type EntryFault,
  entryBytes,
  entrySchema,
  readEntry,
} from './bus-event.ts';
import type { EventLog } from './event-log.ts';
import { type PendingDelivery, TargetLane } from './target-lane.ts';

/** EventBridge's own bounds of a call. */
const MAX_ENTRIES = 10;
const MAX_TOTAL_BYTES = 1_048_576;

const inputSchema = z.object({ Entries: z.array(entrySchema).min(1).max(MAX_ENTRIES) });

const PARTIAL: EntryFault = { ErrorCode: 'InternalFailure', ErrorMessage: 'The entry failed, as asked for.' };

export interface RegionBusOptions {
  readonly model: Pick<RegionModel, 'region' | 'buses' | 'rules'>;
  readonly clock: StackClock;
  readonly log: EventLog;
  readonly receivers: Receivers;
  readonly onOutput: (line: string) => void;
  /** What an earlier run has not delivered, by lane. @default nothing */
  readonly undelivered?: Readonly<Record<string, readonly PendingDelivery[]>> | undefined;
}

/** The event buses of one region, with their rules. */
export class RegionBus {
  readonly #options: RegionBusOptions;
  readonly #rules: readonly {
    readonly rule: RegionModel['rules'][number];
    readonly lanes: readonly TargetLane[];
  }[];
  readonly #unsubscribe: () => void;

  constructor(options: RegionBusOptions) {
    this.#options = options;
    this.#rules = options.model.rules.map((rule) => ({
      rule,
      lanes: rule.targets.map((target) => new TargetLane({ ...options, ruleArn: rule.arn, target })),
    }));
    for (const lane of this.#lanes) lane.restore(options.undelivered?.[lane.id] ?? []);
    this.#unsubscribe = options.clock.onAdvance(() => {
      for (const lane of this.#lanes) lane.tick();
    });
  }

  /** Deliveries that are neither made nor given up, by lane. */
  get undelivered(): Readonly<Record<string, readonly PendingDelivery[]>> {
    return Object.fromEntries(this.#lanes.map(({ id, pending }) => [id, pending]));
  }

  /** Queues for what could not be delivered. */
  get deadLetterArns(): readonly string[] {
    const targets = this.#options.model.rules.flatMap((rule) => rule.targets);
    return targets.flatMap(({ deadLetterArn }) => deadLetterArn ?? []);
  }

  get waiting(): number {
    return this.#lanes.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Grows with each delivery that is made or given up. */
  get finished(): number {
    return this.#lanes.reduce((sum, { finished }) => sum + finished, 0);
  }

  /**
   * Serves `PutEvents`.
   *
   * @param partial true: some entries of the call fail.
   */
  putEvents(input: unknown, partial: boolean): ServiceAnswer {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) return validationError(z.prettifyError(parsed.error));
    const { Entries } = parsed.data;
    const totalBytes = Entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (totalBytes >= MAX_TOTAL_BYTES) {
      return validationError('Total size of the entries in the request is over the limit.');
    }
    const failing = partial ? pickSome(Entries.length) : new Set();
    const results = Entries.map((entry, index) => (failing.has(index) ? PARTIAL : this.#put(entry)));
    const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
    return { status: 200, body: { FailedEntryCount, Entries: results } };
  }

  start(): void {
    for (const lane of this.#lanes) lane.start();
  }

  /** Delivers nothing until the next start. */
  stop(): void {
    for (const lane of this.#lanes) lane.stop();
  }

  /** Tries at once what waits for its next attempt. */
  wake(): void {
    for (const lane of this.#lanes) lane.wake();
  }

  /** Stops for good. */
  dispose(): void {
    this.stop();
    this.#unsubscribe();
  }

  get #lanes(): readonly TargetLane[] {
    return this.#rules.flatMap(({ lanes }) => lanes);
  }

  #put(entry: Entry): { readonly EventId: string } | EntryFault {
    const { model, clock, log, onOutput } = this.#options;
    const event = readEntry(entry, model.region, clock.nowMs());
    if ('ErrorCode' in event) return event;
    const busName = entry.EventBusName?.split('/').at(-1) ?? 'default';
    if (!model.buses.has(busName)) {
      // EventBridge takes it, says nothing, and nobody ever sees it.
      onOutput(`An event ${event['detail-type']} went to ${busName}, which is no bus of ${model.region}.`);
      return { EventId: event.id };
    }
    log.append(model.region, event, clock.nowMs());
    this.#route(busName, event);
    return { EventId: event.id };
  }

  #route(busName: string, event: BusEvent): void {
    for (const { rule, lanes } of this.#rules) {
      if (rule.busName !== busName || !rule.matches(event)) continue;
      for (const lane of lanes) lane.add(event);
    }
  }
}
