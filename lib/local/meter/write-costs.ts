import { callDatabase } from '../database/database-client.ts';
import type { Units } from './capacity-units.ts';
import {
  indexWriteUnits,
  NO_UNITS,
  TRANSACTION_FACTOR,
  tableWriteUnits,
  writeUnits,
} from './capacity-units.ts';
import type { ItemImages } from './item-images.ts';
import type { Item } from './item-size.ts';
import { itemSize } from './item-size.ts';
import { transactionalReads } from './read-costs.ts';
import type { MeteredTable } from './table-keys.ts';
import type { AnswerBody, TransactWriteInput, WriteActionKind } from './wire.ts';
import type { WriteAction, WriteInput } from './write-action.ts';
import { imageAfter, isCreation, writeAction } from './write-action.ts';

/** Tokens of transactions that have succeeded; DynamoDB remembers them for ten minutes. */
const MAX_TOKENS = 10_000;

const KINDS: readonly WriteActionKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

const write = (units: number): Units => ({ read: 0, write: units });

/** What writes cost, by AWS's rules. It keeps the images of the items that it sees written. */
export class WriteCosts {
  readonly #tables: ReadonlyMap<string, MeteredTable>;
  readonly #images: ItemImages;
  readonly #tokens = new Set<string>();

  constructor(tables: ReadonlyMap<string, MeteredTable>, images: ItemImages) {
    this.#tables = tables;
    this.#images = images;
  }

  /** A single write. The database's own figure is right for it, but it has none for a failed condition. */
  ofWrite(kind: WriteActionKind, input: WriteInput, answer: AnswerBody): Units {
    const action = writeAction(kind, input, this.#tables);
    if (action === undefined) return NO_UNITS;
    if (answer.__type?.endsWith('ConditionalCheckFailedException')) {
      return write(this.#failedCondition(action, answer.Item));
    }
    if (answer.__type !== undefined) return NO_UNITS;
    this.#remember(action, imageAfter(action, this.#images.get(action.table, action.key)));
    const consumed = answer.ConsumedCapacity as { CapacityUnits?: number } | undefined;
    return write(consumed?.CapacityUnits ?? 1);
  }

  /** Reads the items of a transaction whose size before it is not known, in one call. */
  async prepareTransaction(input: TransactWriteInput, endpoint: string): Promise<void> {
    const unknown = this.#actions(input).filter(
      (action) => !isCreation(action) && this.#images.get(action.table, action.key) === undefined,
    );
    if (unknown.length === 0) return;
    const TransactItems = unknown.map(({ table, key }) => ({ Get: { TableName: table.name, Key: key } }));
    const { Responses } = await callDatabase<{ Responses: { Item?: Item }[] }>(endpoint, 'TransactGetItems', {
      TransactItems,
    });
    for (const [index, { table, key }] of unknown.entries()) {
      this.#images.set(table, key, Responses[index]?.Item ?? null);
    }
  }

  ofTransaction(input: TransactWriteInput, answer: AnswerBody): Units {
    const actions = this.#actions(input);
    if (answer.__type?.endsWith('TransactionCanceledException')) return this.#cancelled(actions, answer);
    if (answer.__type !== undefined) return NO_UNITS;
    const token = input.ClientRequestToken;
    if (token !== undefined && this.#tokens.has(token)) {
      return transactionalReads(actions.map(({ table, key }) => this.#images.get(table, key)));
    }
    if (token !== undefined) this.#keepToken(token);
    return write(actions.reduce((total, action) => total + this.#inTransaction(action), 0));
  }

  #actions(input: TransactWriteInput): WriteAction[] {
    return (input.TransactItems ?? []).flatMap((item) =>
      KINDS.flatMap((kind) => {
        const one = item[kind];
        return one === undefined ? [] : (writeAction(kind, one, this.#tables) ?? []);
      }),
    );
  }

  #inTransaction(action: WriteAction): number {
    const { table, key } = action;
    const before = isCreation(action) ? null : this.#images.get(table, key);
    const after = imageAfter(action, before);
    this.#remember(action, after);
    const [old, fresh] = [before ?? undefined, after ?? undefined];
    return tableWriteUnits(old, fresh) * TRANSACTION_FACTOR + indexWriteUnits(table, old, fresh);
  }

  /**
   * A transaction that a condition has cancelled was prepared, and its writes are paid. AWS does not say
   * whether the commit is paid too; this assumes so, because a meter should rather show too much.
   */
  #cancelled(actions: readonly WriteAction[], { CancellationReasons = [] }: AnswerBody): Units {
    if (!CancellationReasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) return NO_UNITS;
    const units = actions.map((action, index) =>
      this.#failedCondition(action, CancellationReasons[index]?.Item),
    );
    return write(units.reduce((total, some) => total + some, 0) * TRANSACTION_FACTOR);
  }

  /** The size of the item that is there, at least one unit. */
  #failedCondition(action: WriteAction, existing: Item | undefined): number {
    if (existing !== undefined) this.#images.set(action.table, action.key, existing);
    return writeUnits(itemSize(existing ?? this.#images.get(action.table, action.key) ?? {}));
  }

  #remember({ table, key }: WriteAction, image: Item | null | undefined): void {
    if (image === undefined) this.#images.forget(table, key);
    else this.#images.set(table, key, image);
  }

  #keepToken(token: string): void {
    this.#tokens.add(token);
    if (this.#tokens.size <= MAX_TOKENS) return;
    const [oldest] = this.#tokens;
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }
}
