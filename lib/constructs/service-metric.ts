import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '../config/functions.ts';
import { METRICS_NAMESPACE, type MetricName } from '../config/metrics.ts';

/** A metric that a function writes to its log, by a name of `lib/config/metrics.ts`. */
export function serviceMetric(metricName: MetricName, writer: FunctionName, options: MetricOptions): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: writer },
    ...options,
  });
}
