import type { Units } from './capacity-units.ts';
import { NO_UNITS, readUnits, TRANSACTION_FACTOR } from './capacity-units.ts';
import type { Item } from './item-size.ts';
import { itemSize } from './item-size.ts';
import type {
  AnswerBody,
  BatchReadBody,
  BatchReadInput,
  DatabaseAnswer,
  DatabaseCall,
  TransactReadBody,
} from './wire.ts';
import { parseJson } from './wire.ts';

const read = (units: number): Units => ({ read: units, write: 0 });

function consistencyOf(body: Buffer): 'strong' | 'eventual' {
  return body.includes('"ConsistentRead":true') ? 'strong' : 'eventual';
}

/** The database's own figure is right for one item and for a query, except that nothing found is not free. */
export function consumedByRead(call: DatabaseCall, answer: AnswerBody): Units {
  const consumed = answer.ConsumedCapacity as { CapacityUnits?: number } | undefined;
  return read(Math.max(consumed?.CapacityUnits ?? 0, readUnits(0, consistencyOf(call.body))));
}

/** Each item counts by itself, and so does each key without an item. */
export function consumedByBatchGet(call: DatabaseCall, answer: DatabaseAnswer): Units {
  const { RequestItems = {} } = parseJson<BatchReadInput>(call.body);
  const { Responses = {} } = parseJson<BatchReadBody>(answer.body);
  const units = Object.entries(RequestItems).map(([table, { Keys, ConsistentRead }]) => {
    const consistency = ConsistentRead === true ? 'strong' : 'eventual';
    const found = Responses[table] ?? [];
    const missing = Math.max(0, Keys.length - found.length) * readUnits(0, consistency);
    return found.reduce((total, item) => total + readUnits(itemSize(item), consistency), missing);
  });
  return read(units.reduce((total, some) => total + some, 0));
}

export function consumedByTransactGet(answer: DatabaseAnswer): Units {
  const { Responses = [] } = parseJson<TransactReadBody>(answer.body);
  return transactionalReads(Responses.map(({ Item }) => Item));
}

/** A transaction that is sent again with its token reads its items instead of writing them. */
export function transactionalReads(items: readonly (Item | null | undefined)[]): Units {
  if (items.length === 0) return NO_UNITS;
  const units = items.map((item) => readUnits(itemSize(item ?? {}), 'strong') * TRANSACTION_FACTOR);
  return read(units.reduce((total, some) => total + some, 0));
}
