import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { CHANGE_METRICS } from '../config/metrics.ts';
import type { Deployment } from '../config/stages.ts';
import { STREAMED, TABLE_KEY } from '../config/table.ts';
import type { AnalyticsLog } from './analytics-log.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import type { ServiceEventBus } from './event-bus.ts';
import type { InventoryTable } from './inventory-table.ts';
import type { ReadTable } from './read-table.ts';
import { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';
import { WorkQueue } from './work-queue.ts';

/** What a run can complete well within its time, one after the other. */
const BATCH_SIZE = 100;

/**
 * Batches of one shard that run side by side; what has one partition key stays in order. A busy sku then holds up
 * no more than a quarter of the others.
 */
const BATCHES_AT_ONCE = 4;

/** Gathers what a second brings: a run for each hold would cost more, and replication is no faster. */
const BATCHING_WINDOW = Duration.seconds(1);

/** A stream forgets after a day, so nothing older can come. Until then a batch is tried again and again. */
const MAX_RECORD_AGE = Duration.hours(24);
const RETRY_FOR_EVER = -1;

/** What is moved back after a repair is not waited for: it may take a while. */
const PARKED_LATE_AFTER = Duration.minutes(10);

export interface ChangeStreamProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
  /** Where it goes on from a change: the order queue, the bus and the log. */
  readonly orders: WorkQueue;
  readonly bus: ServiceEventBus;
  readonly log: AnalyticsLog;
  readonly readTable: ReadTable;
}

/**
 * Feeds this region's changes, its own and those that are replicated to it, to the function that completes them and
 * tells others of them. What it cannot complete is parked, and is fed to it again once somebody moves it back.
 */
export class ChangeStream extends Construct {
  private readonly complete: ServiceFunction;
  private readonly parked: WorkQueue;

  constructor(scope: Construct, id: string, props: ChangeStreamProps) {
    super(scope, id);
    const { deployment, table, readTable, orders, bus, log } = props;
    const tables = { table, readTable };
    this.complete = new ServiceFunction(this, 'Function', { deployment, ...tables, name: 'complete' });
    orders.grantSend(this.complete);
    bus.grantPut(this.complete);
    log.grantPut(this.complete);
    this.parked = createParked(this, deployment);
    this.parked.feed(this.complete);
    this.parked.deadLetters.grantSend(this.complete, ENVIRONMENT.changesDlqUrl);
    this.feed(table);
    this.alarmOnDelay();
    this.alarmOnLoss();
    this.alarmOnFailure();
    this.alarmOnParked();
    this.alarmOnUnsent();
  }

  private feed(table: InventoryTable): void {
    table.grantStream(this.complete);
    this.complete.invokable.addEventSourceMapping('Changes', {
      eventSourceArn: table.streamArn,
      enabled: true,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      parallelizationFactor: BATCHES_AT_ONCE,
      retryAttempts: RETRY_FOR_EVER,
      maxRecordAge: MAX_RECORD_AGE,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: [handledChanges(), bookedMovements()],
      // Hears which records became too old. Its permission is the one to park; the CDK's would be wider.
      onFailure: { bind: () => ({ destination: this.parked.deadLetters.queue.queueArn }) },
    });
  }

  private alarmOnDelay(): void {
    new CustomerAlarm(this, 'Late', {
      customerImpact:
        'Units that other regions gave arrive late: shoppers of this region are told that free stock is taken.',
      runbookSection: 'changes-late',
      metric: this.complete.metric('IteratorAge', {
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      // A change is usually seen within two seconds.
      threshold: Duration.minutes(1).toMilliseconds(),
      periods: 5,
    });
  }

  private alarmOnLoss(): void {
    new CustomerAlarm(this, 'NearlyLost', {
      customerImpact:
        'Changes are half a day old, and the stream forgets them after a day: orders and events would be missing for good.',
      runbookSection: 'changes-nearly-lost',
      metric: this.complete.metric('IteratorAge', {
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: Duration.hours(12).toMilliseconds(),
      periods: 1,
    });
  }

  private alarmOnFailure(): void {
    new CustomerAlarm(this, 'Failing', {
      customerImpact:
        'Some units that other regions gave do not arrive: shoppers of this region are told that free stock is taken.',
      runbookSection: 'changes-failing',
      metric: this.complete.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      periods: 5,
      badPeriods: 3,
    });
  }

  private alarmOnParked(): void {
    new CustomerAlarm(this, 'Parked', {
      customerImpact: 'A change is left out: units that it moves do not arrive, and nobody is told of it.',
      runbookSection: 'changes-parked',
      metric: serviceMetric(CHANGE_METRICS.parked, 'complete', {
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 1,
    });
  }

  private alarmOnUnsent(): void {
    new CustomerAlarm(this, 'Unsent', {
      customerImpact: 'Orders, events and webhooks are late: they wait until they can be sent again.',
      runbookSection: 'unsent',
      metric: serviceMetric(CHANGE_METRICS.kept, 'complete', {
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      // A single refusal is sent again within seconds.
      threshold: 1,
      periods: 5,
      badPeriods: 3,
    });
  }
}

/** Parked changes that were moved back, and the dead letters that parking puts them into. */
function createParked(scope: Construct, deployment: Deployment): WorkQueue {
  return new WorkQueue(scope, 'ParkedChanges', {
    deployment,
    name: 'changes',
    lateAfter: PARKED_LATE_AFTER,
    customerImpact: {
      late: 'Changes that were left out are still not completed, so some free stock is shown as taken.',
      deadLetters:
        'Some changes are not completed: free stock is shown as taken, orders or events are missing.',
    },
  });
}

/** Lambda drops the other changes before it runs anything, free of charge. One filter for most kinds: a mapping has few. */
function handledChanges(): Record<string, unknown> {
  const sortKeys = Object.entries(STREAMED).flatMap(([word, words]) =>
    words === 'one' ? FilterRule.isEqual(word) : FilterRule.beginsWith(`${word}#`),
  );
  return FilterCriteria.filter({
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: { Keys: { [TABLE_KEY.sort]: { S: sortKeys } } },
  });
}

/** Entries of the ledger, which no word of their sort key tells: it begins with a time. They never change. */
function bookedMovements(): Record<string, unknown> {
  return FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { NewImage: { movementId: { S: FilterRule.exists() } } },
  });
}
