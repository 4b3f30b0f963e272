import { describe, expect, it } from 'vitest';
import { INDEXES, TABLE_KEY, type TableIndex } from '../../lib/config/table.ts';
import {
  type GivenContext,
  onlyResource,
  resourcesOf,
  synthesize,
  synthesizeAll,
  synthesizeTable,
  written,
} from './synthesis.ts';

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
    SSESpecification?: { KMSMasterKeyId: unknown };
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

const tableOf = (context: GivenContext) => onlyResource<TableProperties>(synthesizeTable(context), TABLE);

const REGIONS = 'us-east-1,eu-west-1,ap-northeast-1';

describe('the table', () => {
  const { properties } = tableOf({});

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
    const table = tableOf({ stage, regions: REGIONS });
    expect(table.deletionPolicy).toBe('Retain');
    expect(synthesizeTable({ stage, regions: REGIONS }).terminationProtection).toBe(true);
    expect(table.properties.Replicas.map(({ Region }) => Region).toSorted()).toEqual(
      REGIONS.split(',').toSorted(),
    );
    for (const replica of table.properties.Replicas) {
      expect(replica.DeletionProtectionEnabled).toBe(true);
      expect(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
    }
  });

  it.each(['local', 'dev'])('goes with the stack of stage %s, whose data may be lost', (stage) => {
    const table = tableOf({ stage });
    expect(table.deletionPolicy).toBe('Delete');
    expect(table.properties.Replicas[0]?.DeletionProtectionEnabled).toBe(false);
  });

  it('is created in the first region only, and the others know its name', () => {
    const stacks = synthesizeAll({ regions: REGIONS });
    const creators = stacks.filter((stack) =>
      resourcesOf<TableProperties>(stack, TABLE).some(
        ({ properties }) => properties.TableName === 'holdfast-dev',
      ),
    );
    expect(creators).toMatchObject([
      { id: 'table', region: 'us-east-1', template: { Outputs: { TableName: { Value: 'holdfast-dev' } } } },
    ]);
  });

  it('is made ready for what its context values say, and for nothing without them', () => {
    expect(properties).not.toHaveProperty('WarmThroughput');
    expect(tableOf({ warmReads: '20000', warmWrites: '8000' }).properties).toMatchObject({
      WarmThroughput: { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 8_000 },
    });
    expect(tableOf({ warmWrites: '8000' }).properties).toMatchObject({
      WarmThroughput: { WriteUnitsPerSecond: 8_000 },
    });
  });
});

describe('the keys of the tables', () => {
  interface Statement {
    readonly Principal: unknown;
    readonly Condition?: { readonly StringEquals?: Record<string, unknown> };
  }
  interface KeyProperties {
    readonly EnableKeyRotation: boolean;
    readonly PendingWindowInDays: number;
    readonly KeyPolicy: { readonly Statement: readonly Statement[] };
  }

  const context = { stage: 'prod', regions: REGIONS };
  const aliasIn = (region: string) => `arn:aws:kms:${region}:<AWS::AccountId>:alias/holdfast-prod`;
  const keyStacks = synthesizeAll(context).filter(({ id }) => id.startsWith('keys-'));

  it('are one in each region, by the same alias, and each replica is encrypted with that of its own region', () => {
    expect(keyStacks.map(({ region }) => region).toSorted()).toEqual(REGIONS.split(',').toSorted());
    for (const stack of keyStacks) {
      expect(stack.id).toBe(`keys-${stack.region}`);
      const alias = onlyResource<{ AliasName: string }>(stack, 'AWS::KMS::Alias');
      expect(alias.properties.AliasName).toBe('alias/holdfast-prod');
    }
    const { Replicas } = tableOf(context).properties;
    for (const { Region, SSESpecification } of Replicas) {
      expect(written(SSESpecification?.KMSMasterKeyId)).toBe(aliasIn(Region));
    }
    expect(Replicas).toHaveLength(3);
    for (const stack of synthesize(context)) {
      const [replica] = onlyResource<TableProperties>(stack, TABLE).properties.Replicas;
      expect(written(replica?.SSESpecification?.KMSMasterKeyId)).toBe(aliasIn(stack.region));
    }
  });

  it.each(keyStacks)('of $region turns by itself and stays when its stack goes', (stack) => {
    const key = onlyResource<KeyProperties>(stack, 'AWS::KMS::Key');
    expect(key.deletionPolicy).toBe('Retain');
    expect(key.properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
    const open = key.properties.KeyPolicy.Statement.filter(
      ({ Principal }) => JSON.stringify(Principal) === '{"AWS":"*"}',
    );
    expect(open).toHaveLength(2);
    for (const { Condition } of open) {
      expect(Condition?.StringEquals).toEqual({
        'kms:CallerAccount': { Ref: 'AWS::AccountId' },
        'kms:ViaService': `dynamodb.${stack.region}.amazonaws.com`,
      });
    }
  });

  it.each(['local', 'dev'])('cost nothing in stage %s: it has none', (stage) => {
    expect(synthesizeAll({ stage }).map(({ id }) => id)).not.toContain('keys-us-east-1');
    expect(JSON.stringify(tableOf({ stage }).properties)).not.toContain('KMS');
  });
});
