import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import { ALARMING_METRICS, METRICS_NAMESPACE } from '../../lib/config/metrics.ts';

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

/**
 * Creates the metrics of a function, written as one line (EMF) per request. The function is the only
 * dimension, because every combination of dimensions is billed as a metric of its own; operation, status and
 * error code ride along as metadata, where a log query finds them.
 */
export function createMetrics(functionName: string): HttpMetrics {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ operationId, status, durationMs, problem, unchecked }) {
      metrics.addMetric('Requests', 'Count', 1);
      metrics.addMetric('Latency', 'Milliseconds', durationMs);
      metrics.addMetric('Rejections', 'Count', status >= 400 && status < 500 ? 1 : 0);
      metrics.addMetric('Faults', 'Count', status >= 500 ? 1 : 0);
      // A metric that is zero nearly always would be billed all the same.
      if (unchecked) metrics.addMetric('RateUnchecked', 'Count', 1);
      metrics.addMetadata('operationId', operationId);
      metrics.addMetadata('status', String(status));
      if (problem !== undefined) metrics.addMetadata('problem', problem);
      metrics.publishStoredMetrics();
    },
  };
}

/** What one batch of changes is counted as. */
export interface ChangeMeasure {
  readonly records: number;
  /** Records that must be shown again. */
  readonly failed: number;
  /** Records that nobody can complete, put aside. */
  readonly parked: number;
  /** Age of the oldest and of the newest record; absent of an empty batch. */
  readonly oldestAgeMs?: number;
  readonly newestAgeMs?: number;
  /** Events that the bus has taken. */
  readonly sent: number;
  /** Messages that nobody took, kept for the sweep. */
  readonly kept: number;
}

/** What one look of the sweep is counted as. */
export interface SweepMeasure {
  /** Holds whose units were given back. */
  readonly expired: number;
  /** Messages that were taken at last. */
  readonly sent: number;
  /** Messages that nobody takes. */
  readonly stuck: number;
}

type Count = readonly [name: string, value: number];

/** Metrics of one function, all of them in one line. */
function createCounts(functionName: string) {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return (
    counts: readonly Count[],
    agesMs: readonly (readonly [string, number | undefined])[] = [],
  ): void => {
    for (const [name, value] of counts) metrics.addMetric(name, 'Count', value);
    for (const [name, value] of agesMs) {
      if (value !== undefined) metrics.addMetric(name, 'Milliseconds', value);
    }
    metrics.publishStoredMetrics();
  };
}

/** Creates the metrics of the stream's function, written as one line (EMF) per batch. */
export function createChangeMetrics(functionName: string) {
  const write = createCounts(functionName);
  return {
    record({ records, failed, parked, sent, kept, oldestAgeMs, newestAgeMs }: ChangeMeasure): void {
      const counts: Count[] = [
        ['Changes', records],
        ['ChangesFailed', failed],
        [ALARMING_METRICS.changesParked, parked],
        ['EventsSent', sent],
        [ALARMING_METRICS.messagesKept, kept],
      ];
      write(counts, [
        ['OldestChangeAge', oldestAgeMs],
        ['NewestChangeAge', newestAgeMs],
      ]);
    },
  };
}

/** Creates the metrics of the sweep, written as one line (EMF) for each look that did something. */
export function createSweepMetrics(functionName: string) {
  const write = createCounts(functionName);
  return {
    record({ expired, sent, stuck }: SweepMeasure): void {
      write([
        ['HoldsExpired', expired],
        ['MessagesSentLater', sent],
        [ALARMING_METRICS.messagesStuck, stuck],
      ]);
    },
  };
}

/** Creates the metrics of a queue's worker, written as one line (EMF) per batch, with the function as the only dimension. */
export function createQueueMetrics(functionName: string): QueueMetrics {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ messages, failures, oldestAgeMs }) {
      metrics.addMetric('Messages', 'Count', messages);
      metrics.addMetric('MessageFailures', 'Count', failures);
      metrics.addMetric('OldestMessageAge', 'Milliseconds', oldestAgeMs);
      metrics.publishStoredMetrics();
    },
  };
}
