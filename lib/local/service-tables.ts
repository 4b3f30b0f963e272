/** Which of the tables of a region is which: what the service knows of its own and no template says. */
import { INDEXES } from '../config/table.ts';
import type { TableDefinition } from './template/tables.ts';

const indexesOf = ({ create }: TableDefinition): readonly (string | undefined)[] =>
  (create.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);

const isInventory = (table: TableDefinition): boolean => indexesOf(table).includes(INDEXES.due.name);

/** The table of the records: it has their indexes. */
export const inventoryTable = (tables: readonly TableDefinition[]): TableDefinition | undefined =>
  tables.find(isInventory);

/** The table of the read model: it is read by its key alone. */
export const readTable = (tables: readonly TableDefinition[]): TableDefinition | undefined =>
  tables.find((table) => indexesOf(table).length === 0);

/** Their names. */
export const tableNames = (tables: readonly TableDefinition[]) => ({
  records: inventoryTable(tables)?.create.TableName,
  readModel: readTable(tables)?.create.TableName,
});
