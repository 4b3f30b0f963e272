/**
 * The plain SDK on DynamoDB Local, for `npm run bench`: the yardstick that the service is measured by. It does
 * nothing but send requests, with the SDK's own defaults.
 */
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LOCAL_CREDENTIALS } from './credentials.ts';
import type { TableDefinition } from './template/tables.ts';

/** A request as it went over the wire. */
export interface WireRequest {
  readonly operation: 'TransactWriteItems' | 'UpdateItem' | 'PutItem';
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RawDatabaseOptions {
  readonly endpoint: string;
  readonly region: string;
}

export interface RawDatabase {
  /**
   * Creates a table like the defined one. A stream costs time with every write, and in DynamoDB Local a second
   * table with a stream slows each write down several times: give one to one table of a process only.
   */
  createTable(
    definition: TableDefinition,
    table: { readonly name: string; readonly stream: boolean },
  ): Promise<void>;
  deleteTable(tableName: string): Promise<void>;
  /** Sends a request again, to another table. */
  send(request: WireRequest, tableName: string): Promise<void>;
  close(): void;
}

type SingleWrite = {
  readonly Key: Record<string, AttributeValue>;
  readonly Item: Record<string, AttributeValue>;
};
type TransactItem = NonNullable<TransactWriteItemsCommandInput['TransactItems']>[number];

function movedItem(item: TransactItem, TableName: string): TransactItem {
  const moved = Object.entries(item).map(([action, write]) => [action, { ...write, TableName }]);
  return Object.fromEntries(moved) as TransactItem;
}

async function send(
  client: DynamoDBClient,
  { operation, body }: WireRequest,
  TableName: string,
): Promise<void> {
  switch (operation) {
    case 'TransactWriteItems': {
      // The token of a request makes a second one with it do nothing: the SDK shall make a new one.
      const { ClientRequestToken: _, ...rest } = body as unknown as TransactWriteItemsCommandInput;
      const TransactItems = rest.TransactItems?.map((item) => movedItem(item, TableName));
      await client.send(new TransactWriteItemsCommand({ ...rest, TransactItems }));
      return;
    }
    case 'UpdateItem':
      await client.send(new UpdateItemCommand({ ...(body as unknown as SingleWrite), TableName }));
      return;
    case 'PutItem':
      await client.send(new PutItemCommand({ ...(body as unknown as SingleWrite), TableName }));
  }
}

/** A client on a database of the embedded stack. */
export function createRawDatabase({ endpoint, region }: RawDatabaseOptions): RawDatabase {
  const client = new DynamoDBClient({ endpoint, region, credentials: LOCAL_CREDENTIALS });
  return {
    createTable: async ({ create }, { name: TableName, stream }) => {
      const { StreamSpecification, ...rest } = create;
      const streamed = stream && StreamSpecification !== undefined ? { StreamSpecification } : {};
      await client.send(new CreateTableCommand({ ...rest, ...streamed, TableName }));
    },
    deleteTable: async (TableName) => {
      await client.send(new DeleteTableCommand({ TableName }));
    },
    send: (request, tableName) => send(client, request, tableName),
    close: () => client.destroy(),
  };
}
