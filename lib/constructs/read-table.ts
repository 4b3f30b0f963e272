import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUCKETS_ONLY } from '../config/access-policies.ts';
import { ENVIRONMENT } from '../config/environment.ts';
import type { ReadModelAccess } from '../config/function-settings.ts';
import type { Deployment } from '../config/stages.ts';
import { READ_TABLE_END, TABLE_KEY } from '../config/table.ts';
import { acknowledge } from './acknowledge.ts';
import { acknowledgeDisposable } from './disposable-table.ts';
import { tableEncryption } from './table-encryption.ts';

const READ_ACTIONS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
/** Rollups are replaced as a whole, and never deleted. */
const WRITE_ACTIONS = ['dynamodb:PutItem'];
const COUNT_ACTIONS = ['dynamodb:UpdateItem'];

export interface ReadTableProps {
  readonly deployment: Deployment;
}

/**
 * The table of this region's read model. It is no global table: each region's rollups are what that region has heard.
 * It has no stream: nothing follows from a rollup that its writer would not know.
 *
 * It has no alarm: when it cannot be written the stream gets late, and when it cannot be read the API fails; both have
 * theirs.
 */
export class ReadTable extends Construct {
  readonly name: string;
  private readonly table: TableV2;

  constructor(scope: Construct, id: string, { deployment }: ReadTableProps) {
    super(scope, id);
    const { readTableName, settings } = deployment;
    this.name = readTableName;
    this.table = new TableV2(this, 'Table', {
      tableName: readTableName,
      partitionKey: { name: TABLE_KEY.partition, type: AttributeType.STRING },
      sortKey: { name: TABLE_KEY.sort, type: AttributeType.STRING },
      timeToLiveAttribute: READ_TABLE_END,
      billing: Billing.onDemand(),
      encryption: tableEncryption(this, deployment),
      removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      deletionProtection: settings.protectData,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.protectData },
    });
    acknowledgeDisposable(this, deployment);
    acknowledge(this, {
      'Holdfast-NoTimeToLive': 'Nobody replicates it: what ends here ends in the one region that writes it.',
    });
  }

  /** Lets a function read rollups, or write them as well, and tells it the table's name. */
  grant(target: LambdaFunction, does: ReadModelAccess): void {
    const actions = does === 'read' ? READ_ACTIONS : [...READ_ACTIONS, ...WRITE_ACTIONS];
    target.addToRolePolicy(new PolicyStatement({ actions, resources: [this.table.tableArn] }));
    target.addEnvironment(ENVIRONMENT.readTableName, this.name);
  }

  /** Lets a function count the requests of tenants, and change nothing else here; and tells it the table's name. */
  grantCounting(target: LambdaFunction): void {
    target.addToRolePolicy(
      new PolicyStatement({
        actions: COUNT_ACTIONS,
        resources: [this.table.tableArn],
        conditions: BUCKETS_ONLY,
      }),
    );
    target.addEnvironment(ENVIRONMENT.readTableName, this.name);
  }
}
