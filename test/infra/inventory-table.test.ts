import { describe, expect, it } from 'vitest';
import { INDEXES, TABLE_KEY, type TableIndex } from '../../lib/config/table.ts';
import { resourcesOf, type SynthesizedStack, synthesize, synthesizeOne, tableNamed } from './synthesis.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface TableProperties {
  readonly TableName: string;
  readonly BillingMode: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly { AttributeName: string; AttributeType: string }[];
  readonly GlobalSecondaryIndexes: readonly {
    IndexName: string;
    KeySchema: readonly KeyElement[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  }[];
  readonly StreamSpecification: { readonly StreamViewType: string };
  readonly Replicas: readonly {
    Region: string;
    DeletionProtectionEnabled: boolean;
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: boolean };
  }[];
}

const keySchema = (partition: string, sort: string): KeyElement[] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

function projection({ include }: TableIndex) {
  return include.length > 0
    ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...include] }
    : { ProjectionType: 'KEYS_ONLY' };
}

const tableOf = (stack: SynthesizedStack, stage: string) =>
  tableNamed<TableProperties>(stack, `holdfast-${stage}`);

const REGIONS = 'us-east-1,eu-west-1,ap-northeast-1';

describe('the table', () => {
  const { properties } = tableOf(synthesizeOne(), 'dev');

  it('has the keys and the indexes of its configuration, all of them strings', () => {
    expect(properties.TableName).toBe('holdfast-dev');
    expect(properties.KeySchema).toEqual(keySchema(TABLE_KEY.partition, TABLE_KEY.sort));
    expect(properties.GlobalSecondaryIndexes).toEqual(
      Object.values(INDEXES).map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partition, index.sort),
        Projection: projection(index),
      })),
    );
    const types = properties.AttributeDefinitions.map(({ AttributeType }) => AttributeType);
    expect(new Set(types)).toEqual(new Set(['S']));
  });

  it('streams both images of a change and is paid by request', () => {
    expect(properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
  });

  it('lets no item expire by itself: that would write in a region that does not own it', () => {
    expect(properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it.each(['prod', 'customer-7'])('is guarded in every replica of stage %s', (stage) => {
    const [owner] = synthesize({ stage, regions: REGIONS });
    if (!owner) throw new Error('No stack was synthesised.');
    const table = tableOf(owner, stage);
    expect(table.deletionPolicy).toBe('Retain');
    expect(owner.terminationProtection).toBe(true);
    expect(table.properties.Replicas.map(({ Region }) => Region).toSorted()).toEqual(
      REGIONS.split(',').toSorted(),
    );
    for (const replica of table.properties.Replicas) {
      expect(replica.DeletionProtectionEnabled).toBe(true);
      expect(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
    }
  });

  it.each(['local', 'dev'])('goes with the stack of stage %s, whose data may be lost', (stage) => {
    const table = tableOf(synthesizeOne(stage), stage);
    expect(table.deletionPolicy).toBe('Delete');
    expect(table.properties.Replicas[0]?.DeletionProtectionEnabled).toBe(false);
  });

  it('is created in the first region only, and the others know its name', () => {
    const stacks = synthesize({ regions: REGIONS });
    const named = stacks.map((stack) =>
      resourcesOf<TableProperties>(stack, TABLE).filter(
        ({ properties }) => properties.TableName === 'holdfast-dev',
      ),
    );
    expect(named.map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(stacks.map((stack) => stack.template.Outputs['TableName']?.Value)).toEqual(
      Array(3).fill('holdfast-dev'),
    );
  });
});
