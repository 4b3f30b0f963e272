/** How a region does, as graphs: first what shoppers notice, then what may be the cause. */

import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FUNCTIONS, type FunctionName } from '../config/functions.ts';
import { CANARY_METRICS, HOLD_METRICS, HTTP_METRICS, type MetricName } from '../config/metrics.ts';
import { HOLD_LATENCY_MS } from '../config/objectives.ts';
import { ROUTES } from '../config/routes.ts';
import type { Deployment } from '../config/stages.ts';
import type { GraphProps, Limit } from './dashboard-rows.ts';
import { apiMetric, claimedConcurrency, tableMetric } from './named-metrics.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

const MINUTE = Duration.minutes(1);

/** What the graphs of a region are drawn from. */
export interface RegionalGraphsProps {
  readonly deployment: Deployment;
  readonly functions: readonly ServiceFunction[];
  /** Where the alarms of a section of the runbook go on. */
  readonly limitsOf: (...sections: readonly string[]) => readonly Limit[];
}

/** A metric of ours, minute by minute. */
export const minutely = (name: MetricName, writer: FunctionName, options: MetricOptions): IMetric =>
  serviceMetric(name, writer, { period: MINUTE, ...options });

const percentiles = (metricOf: (statistic: string, label: string) => IMetric): IMetric[] => [
  metricOf(Stats.percentile(50), 'half are faster (p50)'),
  metricOf(Stats.percentile(99), '99 of 100 are faster (p99)'),
];

/** Whether shoppers get answers, and how fast. */
export function sufferingGraphs({ deployment, limitsOf }: RegionalGraphsProps): GraphProps[] {
  const failed = apiMetric(deployment, '5XXError', { statistic: Stats.AVERAGE, label: 'share that failed' });
  const share = new MathExpression({
    expression: '100 * failed',
    usingMetrics: { failed },
    period: MINUTE,
    label: 'failed, of a hundred',
  });
  return [
    {
      title: 'Requests that failed (500 and above), of a hundred',
      lines: [share],
      limits: limitsOf('api-server-errors').map(({ value, label }) => ({ value: 100 * value, label })),
    },
    {
      title: 'How long requests take, in ms, at the gateway',
      lines: percentiles((statistic, label) => apiMetric(deployment, 'Latency', { statistic, label })),
      limits: limitsOf('api-slow'),
    },
    {
      title: 'How long holds take, in ms, in the function',
      lines: percentiles((statistic, label) =>
        minutely(HTTP_METRICS.latency, 'reserve', { statistic, label }),
      ),
      limits: [{ value: HOLD_LATENCY_MS, label: 'promised for 99 of 100' }],
    },
    {
      title: 'Canary: 1 could hold and release a unit, 0 could not',
      lines: [minutely(CANARY_METRICS.succeeded, 'canary', { statistic: Stats.MINIMUM, label: 'it could' })],
      limits: limitsOf('canary-failing'),
      max: 1.2,
    },
  ];
}

/** What the gateway answers. */
export function trafficGraphs({ deployment, limitsOf }: RegionalGraphsProps): GraphProps[] {
  const sum = { statistic: Stats.SUM };
  return [
    {
      title: 'Requests a minute, and those refused as the caller’s own fault (400 to 499)',
      lines: [
        apiMetric(deployment, 'Count', { ...sum, label: 'all' }),
        apiMetric(deployment, '4XXError', { ...sum, label: 'refused' }),
        apiMetric(deployment, '5XXError', { ...sum, label: 'failed' }),
      ],
    },
    {
      title: 'Canary: how long a hold and its release take, in ms, from outside',
      lines: [
        minutely(CANARY_METRICS.latency, 'canary', { statistic: Stats.MAXIMUM, label: 'hold and release' }),
      ],
    },
    {
      title: 'Concurrency of the account that is taken',
      lines: [claimedConcurrency({ label: 'taken' })],
      limits: limitsOf('concurrency-near-limit'),
    },
  ];
}

/** Functions that answer requests, each named once. */
const HTTP_FUNCTIONS = [...new Set(ROUTES.map((route) => route.function))];

/** Each function by itself. */
export function functionGraphs({ functions }: RegionalGraphsProps): GraphProps[] {
  const each = (metricOf: (target: ServiceFunction) => IMetric) => functions.map(metricOf);
  const options = ({ serviceName: label }: ServiceFunction) => ({ period: MINUTE, label });
  const background = functions.filter(
    ({ serviceName }) => !HTTP_FUNCTIONS.some((name) => name === serviceName),
  );
  return [
    {
      title: 'How long 99 of 100 requests take, in ms, by function',
      lines: HTTP_FUNCTIONS.map((name) =>
        minutely(HTTP_METRICS.latency, name, { statistic: Stats.percentile(99), label: name }),
      ),
    },
    {
      title: 'How long runs in the background take, in ms, at most',
      lines: background.map((target) =>
        target.metricDuration({ ...options(target), statistic: Stats.MAXIMUM }),
      ),
      limits: background.length === 0 ? [] : [longestRun(background)],
    },
    {
      title: 'Runs that crashed or ran out of time, by function',
      lines: each((target) => target.metricErrors(options(target))),
    },
    {
      title: 'Starts that were refused (throttled), by function',
      lines: each((target) => target.metricThrottles(options(target))),
    },
  ];
}

function longestRun(functions: readonly ServiceFunction[]): Limit {
  const seconds = Math.max(...functions.map(({ serviceName }) => FUNCTIONS[serviceName].timeoutSeconds));
  return { value: seconds * 1_000, label: 'the most that any may take' };
}

/** The table of the region. */
export function tableGraphs({ deployment, limitsOf }: RegionalGraphsProps): GraphProps[] {
  const sum = (label: string) => ({ statistic: Stats.SUM, label });
  return [
    {
      title: 'Writes that met others at the same item, and holds answered “contended”',
      lines: [
        tableMetric(deployment, 'TransactionConflict', sum('conflicts')),
        minutely(HOLD_METRICS.contended, 'reserve', { statistic: Stats.SUM, label: 'contended' }),
      ],
    },
    {
      title: 'Reads and writes that DynamoDB refused for their rate',
      lines: [
        tableMetric(deployment, 'WriteThrottleEvents', sum('writes')),
        tableMetric(deployment, 'ReadThrottleEvents', sum('reads')),
      ],
      limits: limitsOf('table-throttled'),
    },
    {
      title: 'Units that DynamoDB counts, a minute',
      lines: [
        tableMetric(deployment, 'ConsumedWriteCapacityUnits', sum('written')),
        tableMetric(deployment, 'ConsumedReadCapacityUnits', sum('read')),
      ],
    },
  ];
}
