import type { StackClock } from '../clock.ts';
import type { RuleTarget } from '../template/event-rules.ts';
import { type Attempt, attempt, type Receivers } from './attempts.ts';
import type { BusEvent } from './bus-event.ts';
import { type DeadLetterReason, sendDeadLetter } from './dead-letter.ts';
import { type DeliveryPolicy, policyOf } from './delivery-policy.ts';

/** Attempts of one target side by side: as many as a function has environments, with some to wait for them. */
const MAX_IN_FLIGHT = 16;
/** What is busy is asked again after this time. */
const BUSY_RETRY_MS = 200;
/** How often what waits is looked through: waits are at least twice as long. */
const LOOK_MS = 50;

/** An event on its way to a target. */
export interface PendingDelivery {
  readonly event: BusEvent;
  /** By the clock of the stack, like the next one. */
  readonly sinceMs: number;
  dueAtMs: number;
  failures: number;
}

export interface TargetLaneOptions {
  readonly ruleArn: string;
  readonly target: RuleTarget;
  readonly clock: StackClock;
  readonly receivers: Receivers;
  readonly onOutput: (line: string) => void;
}

/** Delivers the events of one rule to one of its targets. */
export class TargetLane {
  readonly id: string;
  readonly #options: TargetLaneOptions;
  readonly #policy: DeliveryPolicy;
  readonly #ready: PendingDelivery[] = [];
  readonly #later = new Set<PendingDelivery>();
  readonly #inFlight = new Set<PendingDelivery>();
  /** Aborted while the region is stopped. */
  #lifetime = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #finished = 0;

  constructor(options: TargetLaneOptions) {
    this.#options = options;
    this.#policy = policyOf(options.target);
    this.id = `${options.ruleArn} ${options.target.id}`;
    this.#lifetime.abort();
  }

  /** What is neither delivered nor given up, for a restart too. */
  get pending(): readonly PendingDelivery[] {
    return [...this.#inFlight, ...this.#ready, ...this.#later];
  }

  get waiting(): number {
    return this.#inFlight.size + this.#ready.length + this.#later.size;
  }

  /** Grows with each event that is delivered or given up. */
  get finished(): number {
    return this.#finished;
  }

  add(event: BusEvent): void {
    const nowMs = this.#options.clock.nowMs();
    this.restore([{ event, sinceMs: nowMs, dueAtMs: nowMs, failures: 0 }]);
  }

  /** Takes what an earlier run has not delivered. */
  restore(deliveries: readonly PendingDelivery[]): void {
    for (const delivery of deliveries) this.#ready.push(delivery);
    this.#dispatch();
  }

  start(): void {
    if (!this.#lifetime.signal.aborted) return;
    this.#lifetime = new AbortController();
    this.wake();
  }

  /** Delivers nothing more. What is in flight counts as not delivered. */
  stop(): void {
    this.#lifetime.abort();
    this.#disarm();
  }

  /** Tries at once what waits for its time. */
  wake(): void {
    for (const delivery of this.#later) this.#ready.push(delivery);
    this.#later.clear();
    this.#dispatch();
  }

  /** Tries what is due by now: the clock has moved. */
  tick(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const delivery of this.#later) {
      if (delivery.dueAtMs > nowMs) continue;
      this.#later.delete(delivery);
      this.#ready.push(delivery);
    }
    this.#dispatch();
  }

  #dispatch(): void {
    if (this.#lifetime.signal.aborted) return;
    while (this.#inFlight.size < MAX_IN_FLIGHT) {
      const next = this.#ready.shift();
      if (next === undefined) break;
      void this.#deliver(next);
    }
    if (this.#later.size > 0) this.#timer ??= setTimeout(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    this.#disarm();
    this.tick();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #deliver(delivery: PendingDelivery): Promise<void> {
    const { target, receivers } = this.#options;
    const { signal } = this.#lifetime;
    this.#inFlight.add(delivery);
    const outcome = await attempt(target, delivery.event, receivers);
    const done = signal.aborted ? false : await this.#settle(delivery, outcome);
    this.#inFlight.delete(delivery);
    if (done) this.#finished += 1;
    else if (signal.aborted) this.#ready.unshift(delivery);
    else this.#later.add(delivery);
    this.#dispatch();
  }

  /** @returns true when nothing more is to be done for this delivery. */
  async #settle(delivery: PendingDelivery, outcome: Attempt): Promise<boolean> {
    const { clock } = this.#options;
    const { maxRetries, maxAgeMs, delayMs } = this.#policy;
    if (outcome.kind === 'delivered') return true;
    if (outcome.kind === 'busy') {
      delivery.dueAtMs = clock.nowMs() + BUSY_RETRY_MS;
      return false;
    }
    delivery.failures += 1;
    delivery.dueAtMs = clock.nowMs() + delayMs(delivery.failures);
    if (outcome.isPermanent) return this.#giveUp(delivery, { ...outcome, exhausted: undefined });
    if (delivery.failures > maxRetries) {
      return this.#giveUp(delivery, { ...outcome, exhausted: 'MaximumRetryAttempts' });
    }
    if (delivery.dueAtMs - delivery.sinceMs > maxAgeMs) {
      return this.#giveUp(delivery, { ...outcome, exhausted: 'MaximumEventAgeInSeconds' });
    }
    return false;
  }

  async #giveUp({ event, failures }: PendingDelivery, reason: DeadLetterReason): Promise<boolean> {
    const { ruleArn, target, receivers, onOutput } = this.#options;
    const { deadLetterArn } = this.#policy;
    const { signal } = this.#lifetime;
    const what = `event ${event.id} (${event['detail-type']}) for ${target.arn}`;
    if (deadLetterArn === undefined) {
      onOutput(`Gave up ${what} after ${failures} attempts: ${reason.message}`);
      return true;
    }
    const letter = { event, ruleArn, targetArn: target.arn, retries: failures - 1, reason };
    const problem = await sendDeadLetter(receivers.queues, deadLetterArn, letter);
    if (problem !== undefined && signal.aborted) return false;
    if (problem !== undefined) onOutput(`Lost ${what}: ${deadLetterArn} does not take it (${problem}).`);
    return true;
  }
}
