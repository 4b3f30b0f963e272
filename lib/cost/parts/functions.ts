import { AUDIT_SCHEDULE_MINUTES, FUNCTIONS, type FunctionName } from '../../config/functions.ts';
import type { Item } from '../bill.ts';
import type { OperationName } from '../units.ts';
import { DAYS_PER_MONTH, operationsOf, type Workload } from '../workload.ts';

const MIB_PER_GIB = 1024;
const MINUTES_PER_MONTH = DAYS_PER_MONTH * 24 * 60;

/** Who answers what. */
const ANSWERS: Record<Exclude<OperationName, 'expire'>, FunctionName> = {
  hold: 'reserve',
  confirm: 'confirm',
  ship: 'reservations',
  release: 'reservations',
  receipt: 'movements',
  read: 'stock',
};

/**
 * How long a warm request takes, in seconds. Assumed: a call of DynamoDB takes 2 to 5 ms, a transaction twice that, and
 * our own code less than a millisecond of a third of a core.
 */
const SECONDS: Record<Exclude<OperationName, 'expire'>, number> = {
  hold: 0.02,
  confirm: 0.012,
  ship: 0.03,
  release: 0.02,
  receipt: 0.025,
  read: 0.008,
};
const AUTHORIZER_SECONDS = 0.006;

/** Changes that the stream shows for one operation, in each region; index entries are none. */
const CHANGES: Record<OperationName, number> = {
  hold: 2,
  confirm: 2,
  ship: 5,
  release: 2,
  expire: 2,
  receipt: 3,
  read: 0,
};
/** Changes in a run: it gathers for a second. A busy stage has more, a quiet one fewer. */
const CHANGES_PER_RUN = 20;
const SECONDS_PER_CHANGE = 0.003;
const SECONDS_PER_MESSAGE = 0.01;
const MESSAGES_PER_RUN = 5;
/** The sweep runs through its minute. */
const SWEEP_SECONDS = 60;
const AUDIT_SECONDS = 30;
const CANARY_SECONDS = 0.5;
const CANARY_GIB = 0.25;

const gibOf = (name: FunctionName): number => FUNCTIONS[name].memoryMiB / MIB_PER_GIB;

interface Runs {
  readonly what: string;
  readonly runs: number;
  readonly gibSeconds: number;
}

function answering(workload: Workload): Runs[] {
  const operations = operationsOf(workload);
  const names = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];
  const answers = names.map((name) => ({
    what: `answer: ${name}`,
    runs: operations[name],
    gibSeconds: operations[name] * SECONDS[name] * gibOf(ANSWERS[name]),
  }));
  const requests = answers.reduce((sum, { runs }) => sum + runs, 0);
  const asked = requests * (1 - workload.rememberedKeysShare);
  return [
    ...answers,
    { what: 'authorizer', runs: asked, gibSeconds: asked * AUTHORIZER_SECONDS * gibOf('reserve') },
  ];
}

function following(workload: Workload): Runs[] {
  const operations = operationsOf(workload);
  const names = Object.keys(operations) as OperationName[];
  // Every region's stream shows every change, its own and those that are replicated to it.
  const changes = names.reduce((sum, name) => sum + operations[name] * CHANGES[name], 0) * workload.regions;
  const messages = operations.confirm;
  const deliveries = operations.confirm * workload.webhooksPerOrder;
  return [
    {
      what: 'stream',
      runs: changes / CHANGES_PER_RUN,
      gibSeconds: changes * SECONDS_PER_CHANGE * gibOf('complete'),
    },
    {
      what: 'orders',
      runs: messages / MESSAGES_PER_RUN,
      gibSeconds: messages * SECONDS_PER_MESSAGE * gibOf('orders'),
    },
    {
      what: 'webhooks',
      runs: deliveries,
      gibSeconds: deliveries * SECONDS_PER_MESSAGE * gibOf('deliver'),
    },
  ];
}

function scheduled({ regions }: Workload): Runs[] {
  const sweeps = MINUTES_PER_MONTH * regions;
  const audits = sweeps / AUDIT_SCHEDULE_MINUTES;
  return [
    { what: 'sweep', runs: sweeps, gibSeconds: sweeps * SWEEP_SECONDS * gibOf('sweep') },
    { what: 'audit', runs: audits, gibSeconds: audits * AUDIT_SECONDS * gibOf('audit') },
    { what: 'canary', runs: sweeps, gibSeconds: sweeps * CANARY_SECONDS * CANARY_GIB },
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
