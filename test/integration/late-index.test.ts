import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../lib/adapters/dynamodb/items.ts';
import { type ScriptedRequest, script, succeed } from '../support/scripted-database.ts';
import { REGION, reservationRecord } from '../support/stored-records.ts';

/** Entries that each shard of `due` names at once, and all of them. */
const OF_SHARD = 100;
const SHARDS = 16;
const BATCH_MAX = 500;

type Key = { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } };

/** Holds of a backlog, numbered by their expiry. */
const hold = (index: number) =>
  reservationRecord({ keyHash: `h${String(index).padStart(4, '0')}`, expiresAtMs: 1 + index });
const numberIn = ({ pk }: Key) => Number(pk.S.slice(-4));

/** A database whose index still names holds that are no longer there, all but those from a number on. */
function lateFrom(first: number) {
  let shard = -1;
  return ({ operation, body }: ScriptedRequest) => {
    if (operation === 'Query') {
      // Messages stand apart, and there are none.
      if (JSON.stringify(body).includes('#SEND#')) return succeed({ Items: [] });
      shard += 1;
      const holds = Array.from({ length: OF_SHARD }, (_, index) => hold(index * SHARDS + shard));
      return succeed({ Items: holds.map((record) => marshall(toItem('reservation', record, REGION))) });
    }
    const { Keys } = (body['RequestItems'] as { scripted: { Keys: readonly Key[] } }).scripted;
    const there = Keys.map(numberIn).filter((number) => number >= first);
    const items = there.map((number) => marshall(toItem('reservation', hold(number), REGION)));
    return succeed({ Responses: { scripted: items } });
  };
}

describe('due work behind entries of an index that is late', () => {
  it.each([
    ['is found at the very end', 1_599, 1],
    ['fills a batch', 700, BATCH_MAX],
    ['is the whole batch when nothing is late', 0, BATCH_MAX],
    ['is none when there is none', 1_600, 0],
  ])('%s', async (_, first, found) => {
    const { store, requests } = await script(lateFrom(first));
    const { reservations } = await store.dueWork(9_999);
    const numbers = reservations.map(({ expiresAtMs }) => expiresAtMs - 1);
    expect(numbers).toEqual(Array.from({ length: found }, (_unused, index) => first + index));
    const reads = requests.filter(({ operation }) => operation === 'BatchGetItem');
    expect(reads.length).toBeLessThanOrEqual((SHARDS * OF_SHARD) / 100 + SHARDS);
  });
});
