/** How many environments of each function are busy at once: arrivals times stay (Little's law). */
import {
  ACCOUNT_CONCURRENCY,
  AUDIT_SCHEDULE_MINUTES,
  CANARY_SCHEDULE_MINUTES,
  FUNCTIONS,
  type FunctionName,
  SWEEP_SCHEDULE_MINUTES,
} from '../../config/functions.ts';
import {
  ANSWER_SECONDS,
  ANSWERS,
  AUTHORIZER_SECONDS,
  type RequestedName,
  SECONDS_PER_CHANGE,
  SECONDS_PER_MESSAGE,
} from '../flow.ts';
import { AUDIT_SECONDS, CANARY_SECONDS, SWEEP_SECONDS } from '../parts/functions.ts';
import type { Workload } from '../workload.ts';
import type { Load } from './load.ts';

const SECONDS_PER_MINUTE = 60;

/** What reserved functions leave to the others. */
export const SHARED_ENVIRONMENTS = Object.values(FUNCTIONS).reduce(
  (left, { reservedConcurrency = 0 }) => left - reservedConcurrency,
  ACCOUNT_CONCURRENCY,
);

export interface BusyFunction {
  readonly name: FunctionName;
  /** Runs a second; of functions behind the stream or a queue, what these bring. */
  readonly perSecond: number;
  readonly environments: number;
}

const busy = (name: FunctionName, perSecond: number, seconds: number): BusyFunction => ({
  name,
  perSecond,
  environments: perSecond * seconds,
});

const scheduled = (name: FunctionName, everyMinutes: number, seconds: number): BusyFunction =>
  busy(name, 1 / (everyMinutes * SECONDS_PER_MINUTE), seconds);

/** Those that answer the same kind of request together. */
function merged(all: readonly BusyFunction[]): BusyFunction[] {
  const names = [...new Set(all.map(({ name }) => name))];
  return names.map((name) => {
    const same = all.filter((one) => one.name === name);
    const sum = (of: (one: BusyFunction) => number) => same.reduce((total, one) => total + of(one), 0);
    return { name, perSecond: sum((one) => one.perSecond), environments: sum((one) => one.environments) };
  });
}

/** Every function that has something to do, in one region. */
export function busyFunctions(load: Load, { rememberedKeysShare }: Workload): BusyFunction[] {
  const answering = (Object.keys(ANSWERS) as RequestedName[]).map((name) =>
    busy(ANSWERS[name], load.operations[name], ANSWER_SECONDS[name]),
  );
  return merged([
    ...answering,
    busy('authorizer', load.requests * (1 - rememberedKeysShare), AUTHORIZER_SECONDS),
    busy('complete', load.changes, SECONDS_PER_CHANGE),
    busy('orders', load.orderMessages, SECONDS_PER_MESSAGE),
    busy('notify', load.events, SECONDS_PER_MESSAGE),
    busy('deliver', load.deliveries, SECONDS_PER_MESSAGE),
    scheduled('sweep', SWEEP_SCHEDULE_MINUTES, SWEEP_SECONDS),
    scheduled('audit', AUDIT_SCHEDULE_MINUTES, AUDIT_SECONDS),
    scheduled('canary', CANARY_SCHEDULE_MINUTES, CANARY_SECONDS),
  ]);
}

/** Of the functions that share the concurrency of the account. */
export const sharedEnvironments = (load: Load, workload: Workload): number =>
  busyFunctions(load, workload)
    .filter(({ name }) => FUNCTIONS[name].reservedConcurrency === undefined)
    .reduce((sum, { environments }) => sum + environments, 0);
