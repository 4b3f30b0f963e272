/**
 * How many of the things that cost by the month a production stage has. A test synthesises one and counts; it names the
 * figure that has to change.
 */
import { FUNCTIONS } from '../config/functions.ts';

export const PER_REGION = {
  alarms: 24,
  dashboards: 0,
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
export const FIRST_REGION = { alarms: 2, dashboards: 0, secrets: 1 } as const;

/** Metrics that functions write themselves, by function; those of AWS are free. */
const METRICS_OF_REQUESTS = 4;
const METRICS_OF_OTHERS: Record<string, number> = {
  authorizer: 0,
  sweep: 3,
  complete: 7,
  orders: 3,
  notify: 3,
  deliver: 3,
  audit: 3,
  rotate: 0,
};

export const METRICS = Object.keys(FUNCTIONS).reduce(
  (sum, name) => sum + (METRICS_OF_OTHERS[name] ?? METRICS_OF_REQUESTS),
  0,
);
