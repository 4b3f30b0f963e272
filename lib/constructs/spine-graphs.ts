/** What is behind the stream of a region, and whether its books are sound, as graphs. */
import { Duration, type Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AUDIT_METRICS, CHANGE_METRICS, SWEEP_METRICS } from '../config/metrics.ts';
import { QUEUES, type QueueName } from '../config/queues.ts';
import type { GraphProps } from './dashboard-rows.ts';
import { deadLetters, queueAge, queueDepth, replicationMetric } from './named-metrics.ts';
import { minutely, type RegionalGraphsProps } from './regional-graphs.ts';

const MINUTE = Duration.minutes(1);
const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

/** What is behind the stream: late, kept or given up. */
export function spineGraphs({ deployment, functions, limitsOf }: RegionalGraphsProps): GraphProps[] {
  const stream = functions.filter(({ serviceName }) => serviceName === 'complete');
  return [
    {
      title: 'How late changes are completed, in ms',
      lines: stream.map((target) =>
        target.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: MINUTE, label: 'the oldest' }),
      ),
      limits: limitsOf('changes-late'),
    },
    {
      title: 'The oldest message of each queue, in seconds',
      lines: QUEUE_NAMES.map((name) => queueAge(deployment, name)),
      limits: limitsOf(...QUEUE_NAMES.map((name) => `queue-late-${name}`)),
    },
    {
      title: 'Messages that wait in each queue',
      lines: QUEUE_NAMES.map((name) => queueDepth(deployment, name)),
    },
    {
      title: 'Given up: messages in dead-letter queues (must be 0)',
      lines: [...QUEUE_NAMES, 'targets' as const].map((name) => deadLetters(deployment, name)),
    },
  ];
}

/** Whether regions hear of each other, and whether the books agree. */
export function soundnessGraphs(props: RegionalGraphsProps & { readonly stack: Stack }): GraphProps[] {
  const { deployment, limitsOf, stack } = props;
  const others = deployment.regions.filter((region) => region !== stack.region);
  return [
    ...(others.length === 0
      ? []
      : [
          {
            title: 'How late other regions hear of this one, in ms (0 or a gap: not at all)',
            lines: others.map((region) =>
              replicationMetric(deployment, region, { statistic: Stats.AVERAGE, label: region }),
            ),
            limits: limitsOf('replication-slow'),
          },
        ]),
    {
      title: 'How late expired holds gave their units back, in ms',
      lines: [minutely(SWEEP_METRICS.expiryLag, 'sweep', { statistic: Stats.MAXIMUM, label: 'the latest' })],
      limits: limitsOf('expiry-late'),
    },
    {
      title: 'Not sent at once: messages kept, still refused, and changes put aside',
      lines: [
        minutely(CHANGE_METRICS.kept, 'complete', { statistic: Stats.SUM, label: 'kept' }),
        minutely(SWEEP_METRICS.stuck, 'sweep', { statistic: Stats.SUM, label: 'still refused' }),
        minutely(CHANGE_METRICS.parked, 'complete', { statistic: Stats.SUM, label: 'put aside' }),
      ],
    },
    {
      title: 'Products whose books do not agree (must be 0)',
      lines: [minutely(AUDIT_METRICS.drift, 'audit', { statistic: Stats.SUM, label: 'drift' })],
      limits: limitsOf('stock-drift'),
    },
  ];
}
