import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { Outcome } from '../environments/environment.ts';
import type { LocalQueue } from '../queues/local-queue.ts';
import type { QueueSourceDefinition } from '../template/queue-sources.ts';
import { filteredMessage, messageRecord } from './queue-event.ts';
import { doneMessages } from './queue-response.ts';

/** Lambda begins with so many at once and grows; a function has fewer environments here, so it does not grow. */
const MAX_CONCURRENCY = 5;
/** The wait of a source whose batch is empty; the queue ends it when a message comes. */
const MAX_WAIT_MS = 60_000;
/** A queue that does not answer is a defect or the end of the stack; it is asked again, not often. */
const PROBLEM_PAUSE_MS = 500;

export interface QueueSourceOptions {
  readonly definition: QueueSourceDefinition;
  readonly queue: LocalQueue;
  readonly invoke: (event: object) => Promise<Outcome>;
  readonly onOutput: (line: string) => void;
}

/**
 * Delivers a queue's messages to a function, as an event source mapping says. What fails, whatever the reason, is
 * left to the queue: it shows the message again after its visibility timeout, or moves it to its dead letters.
 */
export class QueueSource {
  readonly definition: QueueSourceDefinition;
  readonly #options: QueueSourceOptions;
  readonly #concurrency: number;
  #stopped = new AbortController();
  #running = 0;
  #finished = 0;
  /** Ends a wait: a delivery has ended, there may be something to receive, or this is stopped. */
  #wake: () => void = () => undefined;

  constructor(options: QueueSourceOptions) {
    this.#options = options;
    this.definition = options.definition;
    this.#concurrency = Math.min(options.definition.maxConcurrency ?? MAX_CONCURRENCY, MAX_CONCURRENCY);
    this.#stopped.abort();
  }

  get queue(): LocalQueue {
    return this.#options.queue;
  }

  /** Grows with each delivery. */
  get finished(): number {
    return this.#finished;
  }

  start(): void {
    if (!this.#stopped.signal.aborted) return;
    this.#stopped = new AbortController();
    this.#running = 0;
    void this.#run(this.#stopped.signal);
  }

  /** Delivers nothing more. What is in flight counts as not delivered. */
  stop(): void {
    this.#stopped.abort();
    this.#wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#running >= this.#concurrency) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const batch = await this.#collect(signal).catch((cause: Error) => this.#pause(cause, signal));
      if (batch.length > 0 && !signal.aborted) void this.#deliver(batch, signal);
    }
  }

  /** Gathers a batch: as many as there are, or within its window as many as it takes. Filters drop the others. */
  async #collect(signal: AbortSignal): Promise<readonly Message[]> {
    const { definition, queue } = this.#options;
    const batch: Message[] = [];
    let endsAtMs = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      batch.push(...(await this.#receive(definition.batchSize - batch.length)));
      const nowMs = performance.now();
      if (batch.length > 0) endsAtMs = Math.min(endsAtMs, nowMs + definition.batchingWindowMs);
      if (batch.length >= definition.batchSize || nowMs >= endsAtMs) return batch;
      if (queue.depth.visible === 0) await this.#wait(endsAtMs - nowMs);
    }
    return [];
  }

  async #receive(count: number): Promise<readonly Message[]> {
    const { definition, queue } = this.#options;
    const received = await queue.receive(count);
    if (definition.filters.length === 0) return received;
    const matches = (message: Message): boolean => {
      const seen = filteredMessage(message);
      return definition.filters.some((filter) => filter(seen));
    };
    const matching = received.filter(matches);
    await queue.remove(received.filter((message) => !matching.includes(message)));
    return matching;
  }

  /** Until there may be something to receive, at most so long. */
  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, Math.min(ms, MAX_WAIT_MS));
    void this.#options.queue.wait().then(resolve);
    await promise;
    clearTimeout(timer);
  }

  async #deliver(batch: readonly Message[], signal: AbortSignal): Promise<void> {
    const { definition, queue, invoke } = this.#options;
    this.#running += 1;
    const outcome = await invoke({ Records: batch.map((message) => messageRecord(message, definition)) });
    this.#finished += 1;
    // Its region has been cut off, and so has the answer.
    if (signal.aborted) return;
    const done = doneMessages(outcome, batch, definition.reportsFailures);
    if (done.length > 0) await queue.remove(done).catch((cause: Error) => this.#report(cause));
    if (signal.aborted) return;
    this.#running -= 1;
    this.#wake();
  }

  async #pause(cause: Error, signal: AbortSignal): Promise<readonly Message[]> {
    if (signal.aborted) return [];
    this.#report(cause);
    await sleep(PROBLEM_PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
    return [];
  }

  #report({ message }: Error): void {
    const { queueName, function: target } = this.definition;
    this.#options.onOutput(
      `The event source of ${target.name} in ${target.region}, ${queueName}: ${message}`,
    );
  }
}
