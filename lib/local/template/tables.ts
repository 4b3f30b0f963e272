import type { CreateTableInput, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb';
import type { StackTemplate } from './cloudformation.ts';
import { TemplateError } from './cloudformation.ts';
import { Resolver } from './intrinsics.ts';

const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';

/** A table as one region creates it. */
export interface TableDefinition {
  readonly create: CreateTableInput & { TableName: string };
  /** `undefined` when the table has no attribute for time to live. */
  readonly timeToLive: TimeToLiveSpecification | undefined;
  /** The regions with a replica of it. A table of the same name in another region may be another table. */
  readonly replicas: readonly string[];
}

/** The properties of `AWS::DynamoDB::GlobalTable` that say how a table behaves, after resolution. */
interface GlobalTable {
  readonly AttributeDefinitions: CreateTableInput['AttributeDefinitions'];
  readonly KeySchema: CreateTableInput['KeySchema'];
  readonly GlobalSecondaryIndexes?: NonNullable<CreateTableInput['GlobalSecondaryIndexes']>;
  readonly LocalSecondaryIndexes?: NonNullable<CreateTableInput['LocalSecondaryIndexes']>;
  readonly StreamSpecification?: { readonly StreamViewType: 'NEW_AND_OLD_IMAGES' };
  readonly TimeToLiveSpecification?: TimeToLiveSpecification;
  readonly Replicas: readonly { readonly Region: string }[];
}

function toDefinition(tableName: string, table: GlobalTable): TableDefinition {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = table;
  return {
    create: {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      // A template's index also carries capacity settings, which CreateTable does not take.
      ...(GlobalSecondaryIndexes && {
        GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({
          IndexName: index.IndexName,
          KeySchema: index.KeySchema,
          Projection: index.Projection,
        })),
      }),
      ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
      ...(table.StreamSpecification && {
        StreamSpecification: {
          StreamEnabled: true,
          StreamViewType: table.StreamSpecification.StreamViewType,
        },
      }),
    },
    timeToLive: table.TimeToLiveSpecification,
    replicas: table.Replicas.map(({ Region }) => Region),
  };
}

/**
 * The tables that have a replica in the region. A global table stands in one stack and says itself in which
 * regions it lives, so all stacks are read.
 *
 * @throws TemplateError for a definition that cannot be read.
 */
export function readTables(stacks: readonly StackTemplate[], region: string): TableDefinition[] {
  return stacks.flatMap((stack) => {
    const resolver = new Resolver(stack);
    return Object.entries(stack.template.Resources)
      .filter(([, resource]) => resource.Type === GLOBAL_TABLE)
      .flatMap(([logicalId, resource]) => {
        const path = resolver.pathOf(logicalId, 'Properties');
        const table = resolver.resolve(resource.Properties ?? {}, path) as Partial<GlobalTable>;
        if (!table.KeySchema || !table.AttributeDefinitions || !table.Replicas) {
          throw new TemplateError(path, 'a global table needs KeySchema, AttributeDefinitions and Replicas.');
        }
        if (table.Replicas.length > 1 && table.StreamSpecification === undefined) {
          throw new TemplateError(`${path}.StreamSpecification`, 'several replicas need a stream.');
        }
        if (!table.Replicas.some((replica) => replica.Region === region)) return [];
        return [toDefinition(String(resolver.resolve({ Ref: logicalId }, path)), table as GlobalTable)];
      });
  });
}

export type TablesByRegion = ReadonlyMap<string, readonly TableDefinition[]>;

/** Names of the region's tables that have a replica in another region that runs here. */
export function replicatedTables(region: string, tables: TablesByRegion): ReadonlySet<string> {
  const others = [...tables.keys()].filter((other) => other !== region);
  const own = tables.get(region) ?? [];
  const replicated = own.filter(({ replicas }) => others.some((other) => replicas.includes(other)));
  return new Set(replicated.map(({ create }) => create.TableName));
}
