import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Slice } from '../../lib/application/audit-slice.ts';
import { METRICS_NAMESPACE } from '../../lib/config/metrics.ts';

/** What a run of the audit is counted as: one line of EMF. Zeros are counted too, so that silence means no run. */
export function createAuditMetrics(functionName: string) {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ checked, drifts, skipped }: Pick<Slice, 'checked' | 'drifts' | 'skipped'>): void {
      metrics.addMetric('SkusAudited', 'Count', checked);
      metrics.addMetric('StockDrift', 'Count', drifts);
      metrics.addMetric('AuditsSkipped', 'Count', skipped);
      metrics.publishStoredMetrics();
    },
  };
}
