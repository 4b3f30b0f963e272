import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Slice } from '../../lib/application/audit-slice.ts';
import { AUDIT_METRICS, METRICS_NAMESPACE } from '../../lib/config/metrics.ts';

/** What a run of the audit is counted as: one line of EMF. Zeros are counted too, so that silence means no run. */
export function createAuditMetrics(functionName: string) {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return {
    record({ checked, drifts, skipped }: Pick<Slice, 'checked' | 'drifts' | 'skipped'>): void {
      metrics.addMetric(AUDIT_METRICS.audited, 'Count', checked);
      metrics.addMetric(AUDIT_METRICS.drift, 'Count', drifts);
      metrics.addMetric(AUDIT_METRICS.skipped, 'Count', skipped);
      metrics.publishStoredMetrics();
    },
  };
}
