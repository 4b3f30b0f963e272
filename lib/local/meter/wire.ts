import type { Item } from './item-size.ts';
import type { WriteInput } from './write-action.ts';

/** A call to DynamoDB as the proxy sees it. */
export interface DatabaseCall {
  /** `PutItem`, `TransactWriteItems`, … */
  readonly operation: string;
  readonly body: Buffer;
}

/** DynamoDB's answer to a call. */
export interface DatabaseAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** The parts of answers that the meter reads. */
export interface AnswerBody {
  readonly __type?: string;
  readonly Item?: Item;
  readonly Attributes?: Item;
  readonly ConsumedCapacity?: Consumed | readonly Consumed[];
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Item?: Item }[];
  readonly Responses?: unknown;
}

export interface Consumed {
  readonly CapacityUnits?: number;
}

export interface TransactWriteInput {
  readonly ClientRequestToken?: string;
  readonly TransactItems?: readonly Readonly<Partial<Record<WriteActionKind, WriteInput>>>[];
}

export type WriteActionKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

export interface TransactReadBody {
  readonly Responses?: readonly { readonly Item?: Item }[];
}

export interface BatchReadInput {
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean }>
  >;
}

export interface BatchReadBody {
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
}

export interface BatchWriteInput {
  readonly RequestItems?: Readonly<
    Record<
      string,
      readonly {
        readonly PutRequest?: { readonly Item: Item };
        readonly DeleteRequest?: { readonly Key: Item };
      }[]
    >
  >;
}

export function parseJson<T>(body: Buffer): T {
  return JSON.parse(body.length === 0 ? '{}' : body.toString('utf8')) as T;
}
