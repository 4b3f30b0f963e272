import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { INDEXES, TABLE_KEY, type TableIndex } from '../config/table.ts';
import { acknowledgeDisposable } from './disposable-table.ts';
import { globalTableEncryption } from './table-encryption.ts';

export interface GlobalTableProps {
  readonly deployment: Deployment;
}

/**
 * The one global table, with a replica in each region. It has no time to live: that would be a second writer of every
 * item, in any region, and the last writer wins. What ends, ends by a conditional write of its owner.
 */
export class GlobalTable extends Construct {
  constructor(scope: Construct, id: string, { deployment }: GlobalTableProps) {
    super(scope, id);
    createTable(this, deployment);
    acknowledgeDisposable(this, deployment);
  }
}

function createTable(scope: Construct, deployment: Deployment): void {
  const { tableName, regions, settings } = deployment;
  const protection = {
    deletionProtection: settings.protectData,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.protectData },
  };
  new TableV2(scope, 'Table', {
    tableName,
    partitionKey: text(TABLE_KEY.partition),
    sortKey: text(TABLE_KEY.sort),
    globalSecondaryIndexes: Object.values(INDEXES).map(indexProps),
    billing: Billing.onDemand(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    encryption: globalTableEncryption(scope, deployment),
    ...warmThroughputOf(deployment),
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...protection,
    replicas: regions.slice(1).map((region) => ({ region, ...protection })),
  });
}

/** What the table is made ready for, in each region, when more than usual is expected: it never shrinks. */
function warmThroughputOf({ options: { warmReads, warmWrites } }: Deployment) {
  if (warmReads === undefined && warmWrites === undefined) return {};
  return {
    warmThroughput: {
      ...(warmReads !== undefined && { readUnitsPerSecond: warmReads }),
      ...(warmWrites !== undefined && { writeUnitsPerSecond: warmWrites }),
    },
  };
}

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
