import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Attribute,
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { READ_ACTIONS, WRITE_ACTIONS } from '../config/access-policies.ts';
import { ENVIRONMENT } from '../config/environment.ts';
import type { TableAccess } from '../config/functions.ts';
import type { Deployment } from '../config/stages.ts';
import { INDEXES, TABLE_KEY, type TableIndex } from '../config/table.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { describeStream } from './described-stream.ts';

/** What Lambda needs to read a stream in the function's name. */
const STREAM_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

export interface InventoryTableProps {
  /** The stack of the deployment's first region creates the table with all its replicas; the others look on. */
  readonly deployment: Deployment;
}

/**
 * The one global table. It has no time to live: that would be a second writer of every item, in any region, and
 * the last writer wins. What ends, ends by a conditional write of its owner.
 */
export class InventoryTable extends Construct {
  /** The same in every region. */
  readonly name: string;
  /**
   * The stream of this region's replica. A stack that did not create the table asks DynamoDB for it while it is
   * deployed, because a stream's name is known to nobody before.
   */
  readonly streamArn: string;
  private readonly regions: readonly string[];
  private readonly created: TableV2 | undefined;

  constructor(scope: Construct, id: string, props: InventoryTableProps) {
    super(scope, id);
    const { regions, tableName } = props.deployment;
    this.name = tableName;
    this.regions = regions;
    const isOwner = Stack.of(this).region === regions[0];
    this.created = isOwner ? createTable(this, props.deployment) : undefined;
    const own = this.arnIn(Stack.of(this).region);
    this.streamArn = this.created?.tableStreamArn ?? describeStream(this, { tableName, tableArn: own });
    this.alarmOnThrottling();
    for (const region of regions) {
      if (region !== Stack.of(this).region) this.alarmOnReplicationTo(region);
    }
  }

  /** Lets a function do with items what its settings say, in its own region or in all, and tells it the table's name. */
  grant(target: LambdaFunction, { does, regions, walks }: TableAccess): void {
    const actions = [...READ_ACTIONS, ...(does === 'read' ? [] : WRITE_ACTIONS)];
    const own = Stack.of(this).region;
    const arns = regions === 'own' ? [this.arnIn(own)] : this.everyArn;
    const indexArns = arns.flatMap(indexesOf);
    target.addToRolePolicy(new PolicyStatement({ actions, resources: arns }));
    target.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: indexArns }));
    if (walks === true) {
      const walk = { actions: ['dynamodb:Scan'], resources: [this.arnIn(own)] };
      target.addToRolePolicy(new PolicyStatement(walk));
    }
    target.addEnvironment(ENVIRONMENT.tableName, this.name);
  }

  /** Lets a function be fed by the streams of this region's replica. */
  grantStream(target: LambdaFunction): void {
    const resources = [`${this.arnIn(Stack.of(this).region)}/stream/*`];
    target.addToRolePolicy(new PolicyStatement({ actions: STREAM_ACTIONS, resources }));
  }

  /** The replicas of all regions, the first region's first. */
  get everyArn(): string[] {
    return this.regions.map((region) => this.arnIn(region));
  }

  /** The replica of a region. The table itself where this stack creates it, so that what needs it waits for it. */
  private arnIn(region: string): string {
    const stack = Stack.of(this);
    if (region === stack.region && this.created !== undefined) return this.created.tableArn;
    return stack.formatArn({ service: 'dynamodb', region, resource: 'table', resourceName: this.name });
  }

  private alarmOnThrottling(): void {
    new CustomerAlarm(this, 'Throttled', {
      customerImpact: 'Holds and confirmations take longer, and some are answered 503 contended.',
      runbookSection: 'table-throttled',
      metric: new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'WriteThrottleEvents',
        dimensionsMap: { TableName: this.name },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      threshold: 10,
      periods: 5,
      badPeriods: 3,
    });
  }

  private alarmOnReplicationTo(region: string): void {
    new CustomerAlarm(this, `ReplicationTo-${region}`, {
      customerImpact: `Shoppers in ${region} see stock and reservations of this region as they were a while ago.`,
      runbookSection: 'replication-slow',
      metric: new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'ReplicationLatency',
        dimensionsMap: { TableName: this.name, ReceivingRegion: region },
        statistic: 'Average',
        period: Duration.minutes(1),
      }),
      // A second is usual. The read model promises to be a few seconds old at most.
      threshold: Duration.seconds(30).toMilliseconds(),
      periods: 5,
    });
  }
}

function createTable(scope: Construct, { tableName, regions, settings }: Deployment): TableV2 {
  const protection = {
    deletionProtection: settings.protectData,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.protectData },
  };
  return new TableV2(scope, 'Table', {
    tableName,
    partitionKey: text(TABLE_KEY.partition),
    sortKey: text(TABLE_KEY.sort),
    globalSecondaryIndexes: Object.values(INDEXES).map(indexProps),
    billing: Billing.onDemand(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...protection,
    replicas: regions.slice(1).map((region) => ({ region, ...protection })),
  });
}

/** The indexes of a replica. */
export const indexesOf = (arn: string): string[] =>
  Object.values(INDEXES).map(({ name }) => `${arn}/index/${name}`);

function indexProps(index: TableIndex): GlobalSecondaryIndexPropsV2 {
  const key = {
    indexName: index.name,
    partitionKey: text(index.partition),
    sortKey: text(index.sort),
  };
  if (index.include.length === 0) return { ...key, projectionType: ProjectionType.KEYS_ONLY };
  return { ...key, projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.include] };
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
