import type { Connection } from '../../lib/adapters/dynamodb/client.ts';
import { createStore, type DynamoDbStore, type StoreSettings } from '../../lib/adapters/dynamodb/store.ts';
import { createTables } from '../../lib/local/database/create-tables.ts';
import { startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import { inventoryTable, readTable } from '../../lib/local/service-tables.ts';
import { synthesise } from '../../lib/local/synthesis/synthesise.ts';
import { CREDENTIALS } from './credentials.ts';

const REGION = 'us-east-1';
/** Two cores serve all tests at once; what is slow must not fail. */
const TIMEOUT_MS = 20_000;

export interface LocalDatabase {
  readonly tableName: string;
  /** That of the read model. */
  readonly readTableName: string;
  readonly connection: Connection;
  /** A store of a region. All share the one table, as replicas would if replication took no time. */
  open(settings?: Partial<StoreSettings>): DynamoDbStore;
  stop(): Promise<void>;
}

/** DynamoDB Local with the table as the synthesised template defines it. */
export async function startLocalDatabase(): Promise<LocalDatabase> {
  // First, so that a template that cannot be made leaves no database behind.
  const { stacks } = await synthesise({ regions: [REGION], bundle: false });
  const database = await startDynamoDbLocal();
  const { endpoint } = database;
  const connection = { region: REGION, endpoint, credentials: CREDENTIALS, timeoutMs: TIMEOUT_MS };
  const tables = await createTables(endpoint, REGION, stacks);
  const tableName = inventoryTable(tables)?.create.TableName;
  const readTableName = readTable(tables)?.create.TableName;
  if (tableName === undefined || readTableName === undefined) throw new Error('The template lacks a table');
  const stores: DynamoDbStore[] = [];
  return {
    connection,
    tableName,
    readTableName,
    open(settings) {
      const store = createStore({ ...connection, tableName, ...settings });
      stores.push(store);
      return store;
    },
    async stop() {
      for (const store of stores) store.close();
      await database.stop();
    },
  };
}
