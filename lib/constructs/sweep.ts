import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { SWEEP_SCHEDULE_MINUTES } from '../config/functions.ts';
import { SWEEP_METRICS } from '../config/metrics.ts';
import type { Deployment } from '../config/stages.ts';
import type { AnalyticsLog } from './analytics-log.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import type { ServiceEventBus } from './event-bus.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';
import type { WorkQueue } from './work-queue.ts';

/** Between two attempts to send a message again there is a quarter of an hour at most, so in each one more is seen. */
const ATTEMPTS_PERIOD = Duration.minutes(15);

/** What is promised: units of an expired hold are back within a minute. They usually are within ten seconds. */
const EXPIRY_LATE_AFTER = Duration.minutes(1);

/** Minutes looked at before an alarm: a single bad minute heals itself with the next run. */
const ALARM_MINUTES = 5;

export interface SweepProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
  /** Where it sends again what was not taken, and webhooks that are due again. */
  readonly orders: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly bus: ServiceEventBus;
  readonly log: AnalyticsLog;
}

/**
 * Does, every minute, the work of this region that has fallen due: above all, expired holds give back units, and what
 * could not be sent is sent again. It also tells the other regions that this one is there, and goes on with its drain.
 */
export class Sweep extends Construct {
  private readonly sweep: ServiceFunction;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { deployment, table } = props;
    const { function: sweep } = new ScheduledFunction(this, 'Every', {
      deployment,
      table,
      name: 'sweep',
      description: 'Starts the sweep of this region.',
      every: Duration.minutes(SWEEP_SCHEDULE_MINUTES),
    });
    this.sweep = sweep;
    for (const queue of [props.orders, props.deliveries]) queue.grantSend(this.sweep);
    for (const outlet of [props.bus, props.log]) outlet.grantPut(this.sweep);
    this.alarmOnFailure();
    this.alarmOnSilence();
    this.alarmOnStuck();
    this.alarmOnLateExpiry();
  }

  private alarmOnFailure(): void {
    new CustomerAlarm(this, 'Failing', {
      customerImpact: 'Units of expired holds are not sold: shoppers are told that free stock is taken.',
      runbookSection: 'sweep-failing',
      metric: this.sweep.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      periods: ALARM_MINUTES,
      badPeriods: 3,
    });
  }

  private alarmOnSilence(): void {
    new CustomerAlarm(this, 'NotRunning', {
      customerImpact: 'No expired hold gives its units back: shoppers are told that free stock is taken.',
      runbookSection: 'sweep-not-running',
      metric: this.sweep.metricInvocations({ period: Duration.minutes(SWEEP_SCHEDULE_MINUTES) }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: ALARM_MINUTES,
      silenceIsBad: true,
    });
  }

  private alarmOnLateExpiry(): void {
    new CustomerAlarm(this, 'ExpiryLate', {
      customerImpact: 'Expired holds give their units back late: shoppers are told that free stock is taken.',
      runbookSection: 'expiry-late',
      metric: serviceMetric(SWEEP_METRICS.expiryLag, 'sweep', {
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: EXPIRY_LATE_AFTER.toMilliseconds(),
      periods: ALARM_MINUTES,
      badPeriods: 3,
    });
  }

  private alarmOnStuck(): void {
    new CustomerAlarm(this, 'Stuck', {
      customerImpact: 'Orders, events and webhooks are late: they were refused again, or cannot be read.',
      runbookSection: 'unsent',
      metric: serviceMetric(SWEEP_METRICS.stuck, 'sweep', {
        statistic: Stats.SUM,
        period: ATTEMPTS_PERIOD,
      }),
      threshold: 1,
      periods: 2,
    });
  }
}
