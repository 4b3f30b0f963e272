/** What a call to DynamoDB asks for, as IAM sees it: one request for each table or index it touches. */
import { type DatabaseCall, parseJson } from '../meter/wire.ts';
import { tableArn } from '../template/table-arns.ts';
import type { AccessRequest } from './evaluate.ts';

/** The names of partition key attributes, by table, and within it by index; the table's own has no index. */
export type PartitionKeys = ReadonlyMap<string, ReadonlyMap<string | undefined, string>>;

type Value = { readonly S?: string; readonly N?: string };
type Attributes = Readonly<Record<string, Value>>;

interface Part {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

interface Body extends Part {
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<Record<string, Part>>[];
}

/** Actions of a transaction by the name they have in it. A transaction itself needs no permission of its own. */
const TRANSACTED: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const EQUALS = /([#\w]+)\s*=\s*(:\w+)/g;

const textOf = (value: Value | undefined): string[] => {
  const text = value?.S ?? value?.N;
  return text === undefined ? [] : [text];
};

/** The partition that a query names; none if its expression does not say. */
function queried(part: Part, attribute: string): string[] {
  for (const [, name = '', value = ''] of (part.KeyConditionExpression ?? '').matchAll(EQUALS)) {
    if ((part.ExpressionAttributeNames?.[name] ?? name) !== attribute) continue;
    return textOf(part.ExpressionAttributeValues?.[value]);
  }
  return [];
}

interface Where {
  readonly region: string;
  readonly keys: PartitionKeys;
}

/** @param named partition keys that the call lists, where it lists many. */
function request(
  action: string,
  part: Part & { readonly named?: readonly string[] },
  where: Where,
): AccessRequest {
  const { TableName = '', IndexName } = part;
  const table = TableName.startsWith('arn:') ? TableName : tableArn(where.region, TableName);
  const attribute = where.keys.get(TableName)?.get(IndexName) ?? '';
  const own = part.Key ?? part.Item;
  const keys = part.named ?? (own === undefined ? queried(part, attribute) : textOf(own[attribute]));
  return {
    action: `dynamodb:${action}`,
    resource: IndexName === undefined ? table : `${table}/index/${IndexName}`,
    context: { 'dynamodb:LeadingKeys': keys },
  };
}

/** The items of a batch: keys to read, or writes. */
function batched(entries: unknown): Attributes[] {
  const read = (entries as { readonly Keys?: readonly Attributes[] }).Keys;
  if (read !== undefined) return [...read];
  return (entries as readonly Readonly<Record<string, Part>>[]).flatMap((entry) =>
    Object.values(entry).flatMap(({ Item, Key }) => [Item ?? Key ?? {}]),
  );
}

/** Everything that a call needs permission for. */
export function requestsOf(call: DatabaseCall, where: Where): AccessRequest[] {
  const body = parseJson<Body>(call.body);
  if (body.TransactItems !== undefined) {
    return body.TransactItems.flatMap((entry) =>
      Object.entries(entry).map(([kind, part]) => request(TRANSACTED[kind] ?? kind, part, where)),
    );
  }
  if (body.RequestItems !== undefined) {
    return Object.entries(body.RequestItems).map(([TableName, entries]) => {
      const attribute = where.keys.get(TableName)?.get(undefined) ?? '';
      const named = batched(entries).flatMap((item) => textOf(item[attribute]));
      return request(call.operation, { TableName, named }, where);
    });
  }
  return [request(call.operation, body, where)];
}
