import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { replicationMetric, tableMetric } from './named-metrics.ts';

/**
 * Minutes without any measure of replication. Every region writes a sign of life each five seconds, so there is always
 * something to replicate, and a metric of AWS may come a few minutes late.
 */
const SILENT_MINUTES = 15;

export interface ReplicationAlarmsProps {
  readonly deployment: Deployment;
}

/** Hears it when replication stops: a latency that is nought, or that nobody measures, is worse than a high one. */
export class ReplicationAlarms extends Construct {
  constructor(scope: Construct, id: string, { deployment }: ReplicationAlarmsProps) {
    super(scope, id);
    for (const region of deployment.regions) {
      if (region !== Stack.of(this).region) this.alarmOnStop(deployment, region);
    }
  }

  private alarmOnStop(deployment: Deployment, region: string): void {
    new CustomerAlarm(this, `StoppedTo-${region}`, {
      customerImpact: `Shoppers in ${region} see nothing new of this region: neither its stock nor its reservations.`,
      runbookSection: 'replication-stopped',
      metric: new MathExpression({
        label: 'Writes that nobody replicates',
        expression: 'IF(FILL(writes, 0) > 0 AND FILL(latency, 0) <= 0, 1, 0)',
        usingMetrics: {
          writes: tableMetric(deployment, 'ConsumedWriteCapacityUnits', { statistic: Stats.SUM }),
          latency: replicationMetric(deployment, region, { statistic: Stats.AVERAGE }),
        },
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: SILENT_MINUTES,
      silenceIsBad: true,
    });
  }
}
