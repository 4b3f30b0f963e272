import { callDatabase, DatabaseError } from '../database/database-client.ts';
import type { WireImage } from '../streams/stream-record.ts';
import type { Change } from './change.ts';
import { imageText } from './image-text.ts';
import type { Replica } from './replica.ts';

/** DynamoDB's own bound for one `BatchWriteItem`. */
export const MAX_BATCH_WRITES = 25;

type WriteRequest =
  | { readonly PutRequest: { readonly Item: WireImage } }
  | { readonly DeleteRequest: { readonly Key: WireImage } };

interface BatchAnswer {
  readonly UnprocessedItems?: Readonly<Record<string, readonly WriteRequest[]>>;
}

function requestOf({ keys, image }: Change): WriteRequest {
  return image === undefined ? { DeleteRequest: { Key: keys } } : { PutRequest: { Item: image } };
}

function requestText(tableName: string, request: WriteRequest): string {
  const image = 'PutRequest' in request ? request.PutRequest.Item : request.DeleteRequest.Key;
  return `${tableName}\n${imageText(image)}`;
}

async function send(endpoint: string, changes: readonly Change[]): Promise<readonly Change[]> {
  const RequestItems: Record<string, WriteRequest[]> = {};
  for (const change of changes) {
    RequestItems[change.tableName] ??= [];
    RequestItems[change.tableName]?.push(requestOf(change));
  }
  const answer = await callDatabase<BatchAnswer>(endpoint, 'BatchWriteItem', { RequestItems });
  const left = Object.entries(answer.UnprocessedItems ?? {}).flatMap(([tableName, requests]) =>
    requests.map((request) => requestText(tableName, request)),
  );
  return changes.filter((change) => left.includes(requestText(change.tableName, requestOf(change))));
}

/**
 * Writes changes of distinct items straight to a region's database.
 *
 * @returns those that it left unprocessed.
 * @throws whatever the database or the connection to it does; the changes may then have been written.
 */
export async function writeBatch(
  endpoint: string,
  replica: Replica,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  const { expected } = replica;
  for (const change of changes) expected.expect(change);
  try {
    const left = await send(endpoint, changes);
    for (const change of changes) {
      if (left.includes(change)) expected.withdraw(change);
      else expected.written(change);
    }
    return left;
  } catch (cause) {
    // A connection that broke says nothing of the effect: its record, if it comes, must not pass for a local write.
    if (cause instanceof DatabaseError) for (const change of changes) expected.withdraw(change);
    throw cause;
  }
}
