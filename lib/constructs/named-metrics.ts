/** Metrics of AWS by the names of what they are about, so that any stack may look at those of any region. */
import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { apiName, GATEWAY_STAGE } from '../config/gateway.ts';
import { type DeadLetterName, deadLetterQueueName, type QueueName, queueName } from '../config/queues.ts';
import type { Deployment } from '../config/stages.ts';

/** What is asked of a metric; its period is a minute unless it says otherwise. */
export type MetricQuestion = MetricOptions & { readonly statistic: string };

const named = (namespace: string, metricName: string, options: MetricOptions): Metric =>
  new Metric({ namespace, metricName, period: Duration.minutes(1), ...options });

type GatewayMetric = 'Count' | '4XXError' | '5XXError' | 'Latency' | 'IntegrationLatency';

/** Of the gateway: every request, whether or not it reached a function. */
export const apiMetric = (
  { stage }: Pick<Deployment, 'stage'>,
  name: GatewayMetric,
  question: MetricQuestion,
): Metric =>
  named('AWS/ApiGateway', name, {
    dimensionsMap: { ApiName: apiName(stage), Stage: GATEWAY_STAGE },
    ...question,
  });

type TableMetric =
  | 'ConsumedReadCapacityUnits'
  | 'ConsumedWriteCapacityUnits'
  | 'ReadThrottleEvents'
  | 'TransactionConflict'
  | 'WriteThrottleEvents';

/** Of a region's replica of the table. */
export const tableMetric = ({ tableName }: Deployment, name: TableMetric, question: MetricQuestion): Metric =>
  named('AWS/DynamoDB', name, { dimensionsMap: { TableName: tableName }, ...question });

/** How long changes of a region take to another one, as the region that made them measures it. */
export const replicationMetric = (
  { tableName }: Deployment,
  receivingRegion: string,
  question: MetricQuestion,
): Metric =>
  named('AWS/DynamoDB', 'ReplicationLatency', {
    dimensionsMap: { TableName: tableName, ReceivingRegion: receivingRegion },
    ...question,
  });

type QueueMetric = 'ApproximateAgeOfOldestMessage' | 'ApproximateNumberOfMessagesVisible';

const queueMetric = (physicalName: string, name: QueueMetric, question: MetricQuestion): Metric =>
  named('AWS/SQS', name, { dimensionsMap: { QueueName: physicalName }, ...question });

/** The oldest message of a queue. */
export const queueAge = ({ stage }: Deployment, name: QueueName, options: MetricOptions = {}): Metric =>
  queueMetric(queueName(stage, name), 'ApproximateAgeOfOldestMessage', {
    statistic: 'Maximum',
    label: name,
    ...options,
  });

/** Messages that wait in a queue. */
export const queueDepth = ({ stage }: Deployment, name: QueueName, options: MetricOptions = {}): Metric =>
  queueMetric(queueName(stage, name), 'ApproximateNumberOfMessagesVisible', {
    statistic: 'Maximum',
    label: name,
    ...options,
  });

/** Messages that were given up. */
export const deadLetters = (
  { stage }: Deployment,
  name: DeadLetterName,
  options: MetricOptions = {},
): Metric =>
  queueMetric(deadLetterQueueName(stage, name), 'ApproximateNumberOfMessagesVisible', {
    statistic: 'Maximum',
    label: name,
    ...options,
  });

/** Concurrency of the account in a region that is in use or set aside, of all that runs there. */
export const claimedConcurrency = (options: MetricOptions = {}): Metric =>
  named('AWS/Lambda', 'ClaimedAccountConcurrency', { statistic: 'Maximum', ...options });
