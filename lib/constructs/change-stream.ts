import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { STREAMED, TABLE_KEY } from '../config/table.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ServiceFunction } from './service-function.ts';

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

export interface ChangeStreamProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
}

/** Feeds this region's changes, its own and those that are replicated to it, to the function that completes them. */
export class ChangeStream extends Construct {
  private readonly complete: ServiceFunction;

  constructor(scope: Construct, id: string, props: ChangeStreamProps) {
    super(scope, id);
    this.complete = new ServiceFunction(this, 'Function', { ...props, name: 'complete' });
    props.table.grantStream(this.complete);
    this.complete.addEventSourceMapping('Changes', {
      eventSourceArn: props.table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      parallelizationFactor: BATCHES_AT_ONCE,
      maxRecordAge: MAX_RECORD_AGE,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: [handledChanges(), bookedMovements()],
    });
    this.alarmOnDelay();
    this.alarmOnFailure();
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
