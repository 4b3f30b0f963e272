import { createStore } from '../adapters/dynamodb/store.ts';
import { LOCAL_CREDENTIALS } from './credentials.ts';
import type { DueQuery } from './embedded-stack.ts';
import { inventoryTable } from './service-tables.ts';

/** Counts the work that is due in a region, by the service's own index. */
export async function countDue({ region, databaseEndpoint, tables, nowMs }: DueQuery): Promise<number> {
  const table = inventoryTable(tables);
  if (table === undefined) return 0;
  const credentials = LOCAL_CREDENTIALS;
  const store = createStore({
    region,
    endpoint: databaseEndpoint,
    tableName: table.create.TableName,
    credentials,
  });
  const due = await store.countDue(nowMs);
  store.close();
  return due;
}
