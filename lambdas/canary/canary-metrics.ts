import { Metrics } from '@aws-lambda-powertools/metrics';
import type { CanaryRun } from '../../lib/application/run-canary.ts';
import { CANARY_METRICS, METRICS_NAMESPACE } from '../../lib/config/metrics.ts';

/** What a run of the canary is counted as: one line of EMF. A failure is counted too, so that silence means no run. */
export function createCanaryMetrics(functionName: string) {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record(run: CanaryRun): void {
      metrics.addMetric(CANARY_METRICS.succeeded, 'Count', Number(run.outcome === 'succeeded'));
      if (run.outcome === 'succeeded') {
        metrics.addMetric(CANARY_METRICS.latency, 'Milliseconds', run.latencyMs);
      }
      metrics.publishStoredMetrics();
    },
  };
}
