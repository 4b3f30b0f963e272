import { isDeepStrictEqual } from 'node:util';
import type { DescribeTableOutput } from '@aws-sdk/client-dynamodb';
import { StartupError } from '../startup-error.ts';
import type { StackTemplate } from '../template/cloudformation.ts';
import type { TableDefinition } from '../template/tables.ts';
import { readTables } from '../template/tables.ts';
import { callDatabase, DatabaseError } from './database-client.ts';

type Described = Pick<
  NonNullable<DescribeTableOutput['Table']>,
  'KeySchema' | 'GlobalSecondaryIndexes' | 'AttributeDefinitions'
>;

/** What must be equal for data to fit, without regard to order. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: Described): unknown {
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
    IndexName,
    keys: keys?.map((key) => ({ ...key })),
    type: Projection?.ProjectionType,
    include: [...(Projection?.NonKeyAttributes ?? [])].sort(),
  }));
  return { KeySchema, indexes: indexes.sort((a, b) => (String(a.IndexName) < String(b.IndexName) ? -1 : 1)) };
}

async function checkExisting(endpoint: string, { create }: TableDefinition): Promise<void> {
  const input = { TableName: create.TableName };
  const { Table } = await callDatabase<{ Table: Described }>(endpoint, 'DescribeTable', input);
  if (isDeepStrictEqual(shapeOf(Table), shapeOf(create as Described))) return;
  throw new StartupError(
    `The data directory holds table ${create.TableName} with other keys or indexes than the template; ` +
      'start with an empty --data directory.',
  );
}

async function createTable(endpoint: string, definition: TableDefinition): Promise<void> {
  const { create, timeToLive } = definition;
  try {
    await callDatabase(endpoint, 'CreateTable', create);
  } catch (cause) {
    if (!(cause instanceof DatabaseError) || cause.name !== 'ResourceInUseException') throw cause;
    return checkExisting(endpoint, definition);
  }
  if (timeToLive === undefined) return;
  await callDatabase(endpoint, 'UpdateTimeToLive', {
    TableName: create.TableName,
    TimeToLiveSpecification: timeToLive,
  });
}

/**
 * Creates the tables that the templates place in the region, on a database that may hold them already.
 *
 * @returns the definitions, for whoever needs the names of tables and indexes.
 * @throws StartupError when a table is there with other keys or indexes.
 */
export async function createTables(
  endpoint: string,
  region: string,
  templates: readonly StackTemplate[],
): Promise<TableDefinition[]> {
  const definitions = readTables(templates, region);
  await Promise.all(definitions.map((definition) => createTable(endpoint, definition)));
  return definitions;
}
