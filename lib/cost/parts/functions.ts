import {
  AUDIT_SCHEDULE_MINUTES,
  CANARY_SCHEDULE_MINUTES,
  FUNCTIONS,
  type FunctionName,
} from '../../config/functions.ts';
import {
  ANSWER_SECONDS,
  ANSWERS,
  AUTHORIZER_SECONDS,
  CHANGES,
  EVENTS,
  type RequestedName,
  SECONDS_PER_CHANGE,
  SECONDS_PER_MESSAGE,
  totalOf,
} from '../flow.ts';
import type { Item } from '../item.ts';
import { MINUTES_PER_MONTH, operationsOf, requestsOf, type Workload } from '../workload.ts';

const MIB_PER_GIB = 1024;

/** Changes in a run: it gathers for a second. A busy stage has more, a quiet one fewer. */
const CHANGES_PER_RUN = 20;
const MESSAGES_PER_RUN = 5;
/** The sweep runs through its minute. */
export const SWEEP_SECONDS = 60;
export const AUDIT_SECONDS = 30;
/** It waits for two answers. */
export const CANARY_SECONDS = 0.5;

const gibOf = (name: FunctionName): number => FUNCTIONS[name].memoryMiB / MIB_PER_GIB;

interface Runs {
  readonly what: string;
  readonly runs: number;
  readonly gibSeconds: number;
}

function answering(workload: Workload): Runs[] {
  const operations = operationsOf(workload);
  const names = Object.keys(ANSWERS) as RequestedName[];
  const answers = names.map((name) => ({
    what: `answer: ${name}`,
    runs: operations[name],
    gibSeconds: operations[name] * ANSWER_SECONDS[name] * gibOf(ANSWERS[name]),
  }));
  const asked = requestsOf(operations) * (1 - workload.rememberedKeysShare);
  return [
    ...answers,
    { what: 'authorizer', runs: asked, gibSeconds: asked * AUTHORIZER_SECONDS * gibOf('authorizer') },
  ];
}

function following(workload: Workload): Runs[] {
  const operations = operationsOf(workload);
  // Every region's stream shows every change, its own and those that are replicated to it.
  const changes = totalOf(operations, CHANGES) * workload.regions;
  const fed = (what: string, name: FunctionName, messages: number): Runs => ({
    what,
    runs: messages / MESSAGES_PER_RUN,
    gibSeconds: messages * SECONDS_PER_MESSAGE * gibOf(name),
  });
  return [
    {
      what: 'stream',
      runs: changes / CHANGES_PER_RUN,
      gibSeconds: changes * SECONDS_PER_CHANGE * gibOf('complete'),
    },
    fed('orders', 'orders', operations.confirm),
    fed('notices', 'notify', totalOf(operations, EVENTS)),
    fed('webhooks', 'deliver', operations.confirm * workload.webhooksPerOrder),
  ];
}

const secondsOfCanary =
  ANSWER_SECONDS.hold * gibOf(ANSWERS.hold) + ANSWER_SECONDS.release * gibOf(ANSWERS.release);

function scheduled({ regions }: Workload): Runs[] {
  const sweeps = MINUTES_PER_MONTH * regions;
  const audits = sweeps / AUDIT_SCHEDULE_MINUTES;
  const canaries = sweeps / CANARY_SCHEDULE_MINUTES;
  return [
    { what: 'sweep', runs: sweeps, gibSeconds: sweeps * SWEEP_SECONDS * gibOf('sweep') },
    { what: 'audit', runs: audits, gibSeconds: audits * AUDIT_SECONDS * gibOf('audit') },
    { what: 'canary', runs: canaries, gibSeconds: canaries * CANARY_SECONDS * gibOf('canary') },
    { what: 'answers to the canary', runs: 2 * canaries, gibSeconds: canaries * secondsOfCanary },
  ];
}

/** Runs of functions and their time. */
export function functionItems(workload: Workload): Item[] {
  const part = 'functions';
  const all = [...answering(workload), ...following(workload), ...scheduled(workload)];
  const runs = all.reduce((sum, run) => sum + run.runs, 0);
  return [
    { part, what: 'runs', price: 'functionRequest', quantity: runs },
    ...all.map(
      ({ what, gibSeconds }): Item => ({ part, what, price: 'functionGibSecond', quantity: gibSeconds }),
    ),
  ];
}
