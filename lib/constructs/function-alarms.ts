import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ACCOUNT_CONCURRENCY, FUNCTIONS } from '../config/functions.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { claimedConcurrency } from './named-metrics.ts';
import type { ServiceFunction } from './service-function.ts';

const MINUTE = Duration.minutes(1);

/** What is left must do until more was asked for and granted, which takes days. */
const CONCURRENCY_SHARE = 0.8;

export interface FunctionAlarmsProps {
  /** All of a region. */
  readonly functions: readonly ServiceFunction[];
}

/** Hears it when the functions that shoppers wait for crash, or are not started. */
export class FunctionAlarms extends Construct {
  private readonly hot: readonly ServiceFunction[];

  constructor(scope: Construct, id: string, { functions }: FunctionAlarmsProps) {
    super(scope, id);
    this.hot = functions.filter(({ serviceName }) => FUNCTIONS[serviceName].hot);
    this.alarmOnErrors();
    this.alarmOnThrottles();
    this.alarmOnConcurrency();
  }

  private sum(metricOf: (target: ServiceFunction) => IMetric, label: string): MathExpression {
    const byName = this.hot.map((target) => [target.serviceName, metricOf(target)] as const);
    return new MathExpression({
      label,
      expression: byName.map(([name]) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(byName),
      period: MINUTE,
    });
  }

  private alarmOnErrors(): void {
    new CustomerAlarm(this, 'HotErrors', {
      customerImpact:
        'Functions that shoppers wait for crash or run out of time: their requests end with 500.',
      runbookSection: 'hot-functions-failing',
      metric: this.sum((target) => target.metricErrors({ period: MINUTE }), 'Crashes and timeouts'),
      threshold: 1,
      periods: 5,
      badPeriods: 3,
    });
  }

  private alarmOnThrottles(): void {
    new CustomerAlarm(this, 'HotThrottled', {
      customerImpact:
        'Functions that shoppers wait for are not started: their requests end with 500 at once.',
      runbookSection: 'functions-throttled',
      metric: this.sum((target) => target.metricThrottles({ period: MINUTE }), 'Starts that were refused'),
      threshold: 1,
      periods: 5,
      badPeriods: 3,
    });
  }

  private alarmOnConcurrency(): void {
    new CustomerAlarm(this, 'ConcurrencyNearLimit', {
      customerImpact: 'Nobody suffers yet. When the rest is used up as well, requests are refused at once.',
      runbookSection: 'concurrency-near-limit',
      metric: claimedConcurrency(),
      threshold: ACCOUNT_CONCURRENCY * CONCURRENCY_SHARE,
      periods: 5,
      badPeriods: 3,
    });
  }
}
