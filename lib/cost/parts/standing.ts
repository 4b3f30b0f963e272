import type { Item } from '../bill.ts';
import { operationsOf, requestsOf, type Workload } from '../workload.ts';

const KB_PER_GB = 1e6;
/** Production keeps logs for 90 days. */
const LOG_MONTHS = 3;

/** Of one region; the templates have the exact numbers. */
const METRICS = 60;
const ALARMS = 45;
const DASHBOARDS = 1;
/** Of the tables, and of the backups. */
const KEYS = 2;
const GLOBAL_DASHBOARDS = 1;

/** Logs, metrics, alarms, keys and secrets: most of it costs the same whether anybody buys or not. */
export function standingItems(workload: Workload): Item[] {
  const { regions, logKbPerRequest, tracedShare } = workload;
  const requests = requestsOf(operationsOf(workload));
  const logGb = (requests * logKbPerRequest) / KB_PER_GB;
  const watching = 'watching';
  const safety = 'safety';
  return [
    { part: watching, what: 'logs, written', price: 'logGb', quantity: logGb },
    { part: watching, what: 'logs, kept', price: 'logGbMonth', quantity: logGb * LOG_MONTHS },
    { part: watching, what: 'metrics', price: 'metricMonth', quantity: METRICS * regions },
    { part: watching, what: 'alarms', price: 'alarmMonth', quantity: ALARMS * regions },
    {
      part: watching,
      what: 'dashboards',
      price: 'dashboardMonth',
      quantity: DASHBOARDS * regions + GLOBAL_DASHBOARDS,
    },
    { part: watching, what: 'traces', price: 'trace', quantity: requests * tracedShare },
    { part: safety, what: 'keys', price: 'keyMonth', quantity: KEYS * regions },
    // The operators' secret is in one region, the canary's in each.
    { part: safety, what: 'secrets', price: 'secretMonth', quantity: regions + 1 },
  ];
}
