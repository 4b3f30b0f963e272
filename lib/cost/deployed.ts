/**
 * How many of the things that cost by the month a production stage has. A test synthesises one and counts; it names the
 * figure that has to change.
 */
import { FUNCTIONS, type FunctionName } from '../config/functions.ts';
import {
  AUDIT_METRICS,
  CANARY_METRICS,
  CHANGE_METRICS,
  HOLD_METRICS,
  HTTP_METRICS,
  QUEUE_METRICS,
  SWEEP_METRICS,
} from '../config/metrics.ts';

export const PER_REGION = {
  /** An alarm costs as much for each metric that it calculates with. */
  alarmMetrics: 66,
  compositeAlarms: 7,
  dashboards: 1,
  firewalls: 1,
  /** A group of AWS is one. */
  firewallRules: 6,
  /** Of the tables, and of the backups. */
  keys: 2,
  tables: 2,
  /** The copy of the canary's. */
  secrets: 1,
} as const;

/** What the first region has in addition. */
export const FIRST_REGION = { alarmMetrics: 2, dashboards: 1, secrets: 1 } as const;

const count = (names: object): number => Object.keys(names).length;

/** Metrics that functions write themselves, by function; those of AWS are free. All others answer requests. */
const METRICS_OF: Partial<Record<FunctionName, number>> = {
  reserve: count(HTTP_METRICS) + count(HOLD_METRICS),
  authorizer: 0,
  rotate: 0,
  sweep: count(SWEEP_METRICS),
  complete: count(CHANGE_METRICS),
  orders: count(QUEUE_METRICS),
  notify: count(QUEUE_METRICS),
  deliver: count(QUEUE_METRICS),
  audit: count(AUDIT_METRICS),
  canary: count(CANARY_METRICS),
};

const NAMES = Object.keys(FUNCTIONS) as FunctionName[];

export const METRICS = NAMES.reduce((sum, name) => sum + (METRICS_OF[name] ?? count(HTTP_METRICS)), 0);

/** Functions that call a table, each with a role of its own. */
export const TABLE_CALLERS = NAMES.filter((name) => FUNCTIONS[name].table !== undefined).length;
