import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AUDIT_SCHEDULE_MINUTES } from '../config/functions.ts';
import { AUDIT_METRICS } from '../config/metrics.ts';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import type { InventoryTable } from './inventory-table.ts';
import type { ReadTable } from './read-table.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

const PERIOD = Duration.minutes(AUDIT_SCHEDULE_MINUTES);

/** Runs without success before somebody is told: one may fall into a deployment, or meet a region out of reach. */
const ALARM_RUNS = 4;

export interface ScheduledAuditProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
  /** Compared with the records. */
  readonly readTable: ReadTable;
}

/** Checks in slices, for ever, that every unit is accounted for. */
export class ScheduledAudit extends Construct {
  private readonly audit: ServiceFunction;

  constructor(scope: Construct, id: string, { deployment, table, readTable }: ScheduledAuditProps) {
    super(scope, id);
    const { function: audit } = new ScheduledFunction(this, 'Every', {
      deployment,
      table,
      readTable,
      name: 'audit',
      description: 'Starts the audit of the next slice of skus.',
      every: PERIOD,
    });
    this.audit = audit;
    this.alarmOnDrift();
    this.alarmOnSilence();
  }

  private alarmOnDrift(): void {
    new CustomerAlarm(this, 'Drift', {
      customerImpact: 'Units of a sku are not all accounted for: some are not sold, or were promised twice.',
      runbookSection: 'stock-drift',
      metric: serviceMetric(AUDIT_METRICS.drift, 'audit', { statistic: Stats.SUM, period: PERIOD }),
      threshold: 1,
      periods: 1,
    });
  }

  private alarmOnSilence(): void {
    const { audit } = this;
    new CustomerAlarm(this, 'NotRunning', {
      customerImpact: 'Units that are lost or promised twice would be found by a shopper, and not by us.',
      runbookSection: 'audit-not-running',
      metric: new MathExpression({
        label: 'Runs that succeeded',
        expression: 'runs - errors',
        usingMetrics: {
          runs: audit.metricInvocations({ period: PERIOD }),
          errors: audit.metricErrors({ period: PERIOD }),
        },
        period: PERIOD,
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: ALARM_RUNS,
      silenceIsBad: true,
    });
  }
}
