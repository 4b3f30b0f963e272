import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { READ_ACTIONS, WRITE_ACTIONS } from '../config/access-policies.ts';
import { ENVIRONMENT } from '../config/environment.ts';
import type { TableAccess } from '../config/function-settings.ts';
import type { Deployment } from '../config/stages.ts';
import { INDEXES } from '../config/table.ts';
import { acknowledge } from './acknowledge.ts';
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
  readonly deployment: Deployment;
}

/** This region's replica of the global table, which a stack of its own has created: known by its name alone. */
export class InventoryTable extends Construct {
  /** The same in every region. */
  readonly name: string;
  /**
   * The stream of this region's replica. DynamoDB is asked for it while the stack is deployed, because a stream's name
   * is known to nobody before.
   */
  readonly streamArn: string;
  private readonly regions: readonly string[];

  constructor(scope: Construct, id: string, props: InventoryTableProps) {
    super(scope, id);
    const { regions, tableName } = props.deployment;
    this.name = tableName;
    this.regions = regions;
    const own = this.arnIn(Stack.of(this).region);
    this.streamArn = describeStream(this, { tableName, tableArn: own });
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
    const { account, region } = Stack.of(this);
    const written = Token.isUnresolved(account) ? '<AWS::AccountId>' : account;
    const own = `arn:aws:dynamodb:${region}:${written}:table/${this.name}`;
    acknowledge(target.role ?? target, {
      [`AwsSolutions-IAM5[Resource::${own}/stream/*]`]:
        'A stream is called by the time at which it was made; it is one stream of one table.',
    });
  }

  /** The replicas of all regions, the first region's first. */
  get everyArn(): string[] {
    return this.regions.map((region) => this.arnIn(region));
  }

  private arnIn(region: string): string {
    const stack = Stack.of(this);
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

/** The indexes of a replica. */
export const indexesOf = (arn: string): string[] =>
  Object.values(INDEXES).map(({ name }) => `${arn}/index/${name}`);
