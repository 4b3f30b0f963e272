import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import {
  HOLD_METRICS,
  HTTP_METRICS,
  METRICS_NAMESPACE,
  QUEUE_METRICS,
  RATE_METRICS,
} from '../../lib/config/metrics.ts';

/** What one answered request is counted as. */
export interface RequestMeasure {
  /** `unknown` when no route matched. */
  readonly operationId: string;
  readonly status: number;
  readonly durationMs: number;
  /** Error code, when the request was refused or failed. */
  readonly problem?: string;
  /** The tenant's rate could not be checked. */
  readonly unchecked?: boolean;
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

/** The operation of which more is counted: what it refuses is written nowhere else. */
const PLACES_HOLDS = 'reserveStock';

/**
 * Creates the metrics of a function, written as one line (EMF) per request. The function is the only
 * dimension, because every combination of dimensions is billed as a metric of its own; operation, status and
 * error code ride along as metadata, where a log query finds them.
 */
export function createMetrics(functionName: string): HttpMetrics {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ operationId, status, durationMs, problem, unchecked }) {
      if (operationId === PLACES_HOLDS) {
        metrics.addMetric(HOLD_METRICS.refused, 'Count', Number(problem === 'insufficient_stock'));
        metrics.addMetric(HOLD_METRICS.contended, 'Count', Number(problem === 'contended'));
      }
      metrics.addMetric(HTTP_METRICS.requests, 'Count', 1);
      metrics.addMetric(HTTP_METRICS.latency, 'Milliseconds', durationMs);
      metrics.addMetric(HTTP_METRICS.rejections, 'Count', Number(status >= 400 && status < 500));
      metrics.addMetric(HTTP_METRICS.faults, 'Count', Number(status >= 500));
      // A metric that is zero nearly always would be billed all the same.
      if (unchecked) metrics.addMetric(RATE_METRICS.unchecked, 'Count', 1);
      metrics.addMetadata('operationId', operationId);
      metrics.addMetadata('status', String(status));
      if (problem !== undefined) metrics.addMetadata('problem', problem);
      metrics.publishStoredMetrics();
    },
  };
}

/** Creates the metrics of a queue's worker, written as one line (EMF) per batch, with the function as the only dimension. */
export function createQueueMetrics(functionName: string): QueueMetrics {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ messages, failures, oldestAgeMs }) {
      metrics.addMetric(QUEUE_METRICS.messages, 'Count', messages);
      metrics.addMetric(QUEUE_METRICS.failures, 'Count', failures);
      metrics.addMetric(QUEUE_METRICS.oldestAge, 'Milliseconds', oldestAgeMs);
      metrics.publishStoredMetrics();
    },
  };
}
