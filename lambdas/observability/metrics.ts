import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';

/** What one answered request is counted as. */
export interface RequestMeasure {
  /** `unknown` when no route matched. */
  readonly operationId: string;
  readonly status: number;
  readonly durationMs: number;
  /** Error code, when the request was refused or failed. */
  readonly problem?: string;
}

export interface HttpMetrics {
  record(measure: RequestMeasure): void;
}

/** What one batch of a queue is counted as. */
export interface BatchMeasure {
  readonly messages: number;
  /** Messages that the queue must show again. */
  readonly failures: number;
  /** How long ago the oldest of them was sent. */
  readonly oldestAgeMs: number;
}

export interface QueueMetrics {
  record(measure: BatchMeasure): void;
}

/** The one namespace of the service's metrics. */
export const NAMESPACE = 'Holdfast';

/**
 * Creates the metrics of a function, written as one line (EMF) per request. The function is the only
 * dimension, because every combination of dimensions is billed as a metric of its own; operation, status and
 * error code ride along as metadata, where a log query finds them.
 */
export function createMetrics(functionName: string): HttpMetrics {
  const metrics = new PowertoolsMetrics({ namespace: NAMESPACE, serviceName: functionName });
  return {
    record({ operationId, status, durationMs, problem }) {
      metrics.addMetric('Requests', 'Count', 1);
      metrics.addMetric('Latency', 'Milliseconds', durationMs);
      metrics.addMetric('Rejections', 'Count', status >= 400 && status < 500 ? 1 : 0);
      metrics.addMetric('Faults', 'Count', status >= 500 ? 1 : 0);
      metrics.addMetadata('operationId', operationId);
      metrics.addMetadata('status', String(status));
      if (problem !== undefined) metrics.addMetadata('problem', problem);
      metrics.publishStoredMetrics();
    },
  };
}

/** Creates the metrics of a queue's worker, written as one line (EMF) per batch, with the function as the only dimension. */
export function createQueueMetrics(functionName: string): QueueMetrics {
  const metrics = new PowertoolsMetrics({ namespace: NAMESPACE, serviceName: functionName });
  return {
    record({ messages, failures, oldestAgeMs }) {
      metrics.addMetric('Messages', 'Count', messages);
      metrics.addMetric('MessageFailures', 'Count', failures);
      metrics.addMetric('OldestMessageAge', 'Milliseconds', oldestAgeMs);
      metrics.publishStoredMetrics();
    },
  };
}
