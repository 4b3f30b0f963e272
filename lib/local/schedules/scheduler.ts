import { randomUUID } from 'node:crypto';
import type { StackClock } from '../clock.ts';
import { LOCAL_ACCOUNT } from '../template/cloudformation.ts';
import type { ScheduleDefinition, ScheduleTarget } from '../template/schedules.ts';

/** The longest delay of a timer; a later time is reached in several steps. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface SchedulerOptions {
  readonly region: string;
  readonly schedules: readonly ScheduleDefinition[];
  readonly clock: StackClock;
  /** Hands an event to a function and does not wait: EventBridge does not either, so runs may overlap. */
  readonly deliver: (target: ScheduleTarget, event: unknown) => void;
}

interface Entry {
  readonly schedule: ScheduleDefinition;
  /** By the clock of the stack. */
  dueAtMs: number;
}

/** Runs schedules by the clock of the stack: the first time at once, then each period. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #entries: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Starts anew: everything is due. AWS does not say either at which second of its period a rule fires. */
  start(): void {
    this.stop();
    const { schedules, clock } = this.#options;
    this.#entries = schedules.map((schedule) => ({ schedule, dueAtMs: clock.nowMs() }));
    this.#unsubscribe = clock.onAdvance(() => this.#runDue());
    this.#runDue();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    this.#entries = [];
  }

  #runDue(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#options.clock.nowMs();
    for (const entry of this.#entries) {
      if (entry.dueAtMs > nowMs) continue;
      this.#run(entry.schedule, nowMs);
      // Periods that a jump of the clock has skipped are not made up for.
      entry.dueAtMs = nowMs + entry.schedule.periodMs;
    }
    const next = Math.min(...this.#entries.map(({ dueAtMs }) => dueAtMs));
    if (!Number.isFinite(next)) return;
    this.#timer = setTimeout(() => this.#runDue(), Math.min(next - nowMs, MAX_TIMER_MS));
  }

  #run({ ruleArn, targets }: ScheduleDefinition, nowMs: number): void {
    for (const target of targets) {
      this.#options.deliver(target, target.input ?? scheduledEvent(ruleArn, this.#options.region, nowMs));
    }
  }
}

/** The event that EventBridge makes for a rule with a schedule. */
function scheduledEvent(ruleArn: string, region: string, nowMs: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: LOCAL_ACCOUNT,
    time: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  };
}
