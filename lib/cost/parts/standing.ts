import { FIRST_REGION, METRICS, PER_REGION, TABLE_CALLERS } from '../deployed.ts';
import type { Item } from '../item.ts';
import { MINUTES_PER_MONTH, operationsOf, requestsOf, type Workload } from '../workload.ts';

const KB_PER_GB = 1e6;
/** Production keeps logs for 90 days. */
const LOG_MONTHS = 3;
/** DynamoDB asks for the key of a table again when five minutes are over, for each role that calls it. */
const KEY_KEPT_MINUTES = 5;

/** Logs, metrics, alarms, keys and secrets: most of it costs the same whether anybody buys or not. */
export function standingItems(workload: Workload): Item[] {
  const { regions, logKbPerRequest, tracedShare } = workload;
  const requests = requestsOf(operationsOf(workload));
  const logGb = (requests * logKbPerRequest) / KB_PER_GB;
  const keyRequests = TABLE_CALLERS * PER_REGION.tables * (MINUTES_PER_MONTH / KEY_KEPT_MINUTES);
  const everywhere = (name: 'alarmMetrics' | 'dashboards' | 'secrets') =>
    PER_REGION[name] * regions + FIRST_REGION[name];
  const watching = 'watching';
  const safety = 'safety';
  return [
    { part: watching, what: 'logs, written', price: 'logGb', quantity: logGb },
    { part: watching, what: 'logs, kept', price: 'logGbMonth', quantity: logGb * LOG_MONTHS },
    { part: watching, what: 'metrics', price: 'metricMonth', quantity: METRICS * regions },
    { part: watching, what: 'alarms, by metric', price: 'alarmMonth', quantity: everywhere('alarmMetrics') },
    {
      part: watching,
      what: 'composite alarms',
      price: 'compositeAlarmMonth',
      quantity: PER_REGION.compositeAlarms * regions,
    },
    { part: watching, what: 'dashboards', price: 'dashboardMonth', quantity: everywhere('dashboards') },
    { part: watching, what: 'traces', price: 'trace', quantity: requests * tracedShare },
    { part: safety, what: 'keys', price: 'keyMonth', quantity: PER_REGION.keys * regions },
    { part: safety, what: 'uses of keys, at most', price: 'keyRequest', quantity: keyRequests * regions },
    { part: safety, what: 'secrets', price: 'secretMonth', quantity: everywhere('secrets') },
  ];
}
