import type { TableDefinition } from '../template/tables.ts';
import type { Units } from './capacity-units.ts';
import { NO_UNITS } from './capacity-units.ts';
import { ItemImages } from './item-images.ts';
import type { Item } from './item-size.ts';
import { consumedByBatchGet, consumedByRead, consumedByTransactGet } from './read-costs.ts';
import type { MeteredTable } from './table-keys.ts';
import { meteredTable } from './table-keys.ts';
import type {
  AnswerBody,
  BatchWriteInput,
  Consumed,
  DatabaseAnswer,
  DatabaseCall,
  TransactWriteInput,
} from './wire.ts';
import { parseJson } from './wire.ts';
import type { WriteInput } from './write-action.ts';
import { WriteCosts } from './write-costs.ts';

const SINGLE_WRITES = { PutItem: 'Put', UpdateItem: 'Update', DeleteItem: 'Delete' } as const;

/** Calls for which the database is asked what they consume: it is right about these. */
const REPORTED = new Set([...Object.keys(SINGLE_WRITES), 'GetItem', 'Query', 'Scan', 'BatchWriteItem']);

const ASK = Buffer.from('{"ReturnConsumedCapacity":"INDEXES",');

/** What the calls to one region's database cost. */
export class CallCosts {
  readonly #endpoint: string;
  readonly #tables: ReadonlyMap<string, MeteredTable>;
  readonly #images = new ItemImages();
  readonly #writes: WriteCosts;

  constructor(endpoint: string, definitions: readonly TableDefinition[]) {
    this.#endpoint = endpoint;
    this.#tables = new Map(definitions.map(meteredTable).map((table) => [table.name, table]));
    this.#writes = new WriteCosts(this.#tables, this.#images);
  }

  /** Does what must be done before the call, and returns the body to send. */
  async prepare({ operation, body }: DatabaseCall): Promise<Buffer> {
    if (operation === 'TransactWriteItems') {
      // What fails here fails in the call too, and the answer to the caller should come from that.
      await this.#writes
        .prepareTransaction(parseJson<TransactWriteInput>(body), this.#endpoint)
        .catch(() => undefined);
    }
    const asks = REPORTED.has(operation) && !body.includes('"ReturnConsumedCapacity"');
    return asks ? Buffer.concat([ASK, body.subarray(body.indexOf('{') + 1)]) : body;
  }

  /** What the call consumed. */
  unitsOf(call: DatabaseCall, answer: DatabaseAnswer): Units {
    const { operation } = call;
    switch (operation) {
      case 'GetItem':
      case 'Query':
      case 'Scan':
        return answer.status === 200 ? this.#read(call, parseJson<AnswerBody>(answer.body)) : NO_UNITS;
      case 'BatchGetItem':
        return answer.status === 200 ? consumedByBatchGet(call, answer) : NO_UNITS;
      case 'TransactGetItems':
        return answer.status === 200 ? consumedByTransactGet(answer) : NO_UNITS;
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem': {
        const body = parseJson<AnswerBody>(answer.body);
        return this.#writes.ofWrite(SINGLE_WRITES[operation], parseJson<WriteInput>(call.body), body);
      }
      case 'TransactWriteItems': {
        const body = parseJson<AnswerBody>(answer.body);
        return this.#writes.ofTransaction(parseJson<TransactWriteInput>(call.body), body);
      }
      case 'BatchWriteItem':
        return answer.status === 200 ? this.#batchWrite(call, parseJson<AnswerBody>(answer.body)) : NO_UNITS;
      default:
        return NO_UNITS;
    }
  }

  /** Forgets all images of items, for when something besides the functions has written. */
  forgetImages(): void {
    this.#images.clear();
  }

  #read(call: DatabaseCall, answer: AnswerBody): Units {
    if (call.operation === 'GetItem' && !call.body.includes('ProjectionExpression')) {
      const { TableName = '', Key = {} } = parseJson<{ TableName?: string; Key?: Item }>(call.body);
      const table = this.#tables.get(TableName);
      // An eventually consistent read is as good: the local database has no replicas that lag.
      if (table !== undefined) this.#images.set(table, Key, answer.Item ?? null);
    }
    return consumedByRead(call, answer);
  }

  #batchWrite(call: DatabaseCall, answer: AnswerBody): Units {
    const { RequestItems = {} } = parseJson<BatchWriteInput>(call.body);
    for (const [name, requests] of Object.entries(RequestItems)) {
      const table = this.#tables.get(name);
      for (const { PutRequest, DeleteRequest } of table === undefined ? [] : requests) {
        if (table !== undefined) this.#images.forget(table, PutRequest?.Item ?? DeleteRequest?.Key ?? {});
      }
    }
    const consumed = (answer.ConsumedCapacity ?? []) as readonly Consumed[];
    return { read: 0, write: consumed.reduce((total, { CapacityUnits = 0 }) => total + CapacityUnits, 0) };
  }
}
