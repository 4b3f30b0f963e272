import { beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { ABSENT, PRESENT } from '../../lib/domain/guarded-write.ts';
import { check, put } from '../support/guarded-writes.ts';
import {
  cancel,
  fail,
  script,
  scriptImpatient,
  skipWaitsOfSdk,
  succeed,
} from '../support/scripted-database.ts';
import { quotaRecord, STOCK_ITEM, stockRecord } from '../support/stored-records.ts';

/** Attempts of the SDK at one request. */
const SDK_ATTEMPTS = 3;

const stock = stockRecord();
const single = [put(['stock', stock], ABSENT)];
const transaction = [...single, check(['quota', quotaRecord()], PRESENT)];

const COMMITTED = { outcome: 'committed', after: undefined };
const CONTENDED = { outcome: 'contended' };

beforeEach(skipWaitsOfSdk);

describe('a commit that meets others', () => {
  const conflict = fail('TransactionConflictException');

  it.each([
    ['a single write', single, conflict],
    ['a transaction', transaction, cancel('None', 'TransactionConflict')],
    ['a throttled transaction', transaction, cancel('ThrottlingError', 'None')],
    ['a transaction short of capacity', transaction, cancel('ProvisionedThroughputExceeded', 'None')],
  ] as const)('tries again: %s', async (_, writes, answer) => {
    const { store, requests, waits } = await script(answer, answer, succeed());
    expect(await store.commit(writes)).toEqual(COMMITTED);
    expect(requests).toHaveLength(3);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeLessThanOrEqual(20);
    expect(waits[1]).toBeLessThanOrEqual(40);
  });

  it('asks anew each time: a token would repeat the refusal', async () => {
    const { store, requests } = await script(cancel('None', 'TransactionConflict'), succeed());
    await store.commit(transaction);
    const tokens = requests.map(({ body }) => body['ClientRequestToken']);
    expect(tokens.every((token) => typeof token === 'string')).toBe(true);
    expect(new Set(tokens).size).toBe(2);
  });

  it('asks under the same token once an answer was lost: what has taken effect is not done again', async () => {
    const refused = cancel('None', 'TransactionConflict');
    const { store, requests } = await script('lose', refused, refused, succeed());
    expect(await store.commit(transaction)).toEqual(COMMITTED);
    const tokens = requests.map(({ body }) => body['ClientRequestToken']);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
  });

  it.each([
    ['a single write', single, conflict],
    ['a transaction', transaction, cancel('TransactionConflict', 'None')],
  ] as const)('gives up after so many attempts and two seconds: %s', async (_, writes, answer) => {
    const { store, requests, waits } = await script(answer);
    expect(await store.commit(writes)).toEqual(CONTENDED);
    expect(requests.length).toBeGreaterThan(3);
    expect(requests.length).toBeLessThanOrEqual(12);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(2_000);
  });

  it.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])(
    'leaves %s to the SDK and then gives up',
    async (name) => {
      const { store, requests, waits } = await script(fail(name));
      expect(await store.commit(single)).toEqual(CONTENDED);
      expect(requests).toHaveLength(SDK_ATTEMPTS);
      expect(waits).toEqual([]);
    },
  );
});

describe('a commit that is refused', () => {
  it('is refused even beside a conflict, with the images of its conditions', async () => {
    const failed = { Code: 'ConditionalCheckFailed', Item: STOCK_ITEM };
    const { store, requests } = await script(cancel(failed, 'TransactionConflict'));
    const images = new Map([[0, stock]]);
    expect(await store.commit(transaction)).toEqual({ outcome: 'refused', images });
    expect(requests).toHaveLength(1);
  });

  it('says that a record is not there', async () => {
    const { store } = await script(cancel('None', { Code: 'ConditionalCheckFailed' }));
    const images = new Map([[1, undefined]]);
    expect(await store.commit(transaction)).toEqual({ outcome: 'refused', images });
  });

  it('asks for the image of every write', async () => {
    const { store, requests } = await script(succeed());
    await store.commit(transaction);
    await store.commit(single);
    const [first, second] = requests.map(({ body }) => body);
    const wanted = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    expect(first).toMatchObject({ TransactItems: [{ Put: wanted }, { ConditionCheck: wanted }] });
    expect(second).toMatchObject(wanted);
  });

  it('is a bug when the write itself was wrong', async () => {
    const { store, requests } = await script(cancel('ValidationError', 'TransactionConflict'));
    await expect(store.commit(transaction)).rejects.toThrow('scripted TransactionCanceledException');
    expect(requests).toHaveLength(1);
  });

  it('is a bug when the image is no such record', async () => {
    const { shortage, ...torn } = STOCK_ITEM;
    const { store } = await script(cancel({ Code: 'ConditionalCheckFailed', Item: torn }, 'None'));
    await expect(store.commit(transaction)).rejects.toThrow(
      'The stock stored as T#tenant#SKU#sku|STOCK#location is malformed',
    );
  });
});

describe('a commit whose answer is lost', () => {
  it('is repeated by the SDK under the same token', async () => {
    const { store, requests } = await script('lose', succeed());
    expect(await store.commit(transaction)).toEqual(COMMITTED);
    const tokens = requests.map(({ body }) => body['ClientRequestToken']);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
  });

  it('is repeated when no answer comes in time', async () => {
    const { store, requests } = await scriptImpatient('ignore', succeed());
    expect(await store.commit(transaction)).toEqual(COMMITTED);
    expect(requests.length).toBeGreaterThan(1);
  });

  it('shows the caller its own record when it had taken effect', async () => {
    const failed = fail('ConditionalCheckFailedException', { Item: STOCK_ITEM });
    const { store } = await script('lose', failed);
    expect(await store.commit(single)).toEqual({ outcome: 'refused', images: new Map([[0, stock]]) });
  });

  it.each([
    ['throttled', single, fail('ThrottlingException')],
    ['in conflict', transaction, cancel('TransactionConflict', 'None')],
  ] as const)('is not said to have no effect when it is then %s', async (_, writes, answer) => {
    const { store } = await script('lose', answer);
    await expect(store.commit(writes)).rejects.toThrow(StoreUnavailableError);
  });

  it('is not said to have no effect while an earlier attempt is at work', async () => {
    const { store } = await script(fail('TransactionInProgressException'));
    await expect(store.commit(transaction)).rejects.toThrow(StoreUnavailableError);
  });

  it('is tried again while an earlier attempt is at work', async () => {
    const atWork = fail('TransactionInProgressException');
    const answers = Array.from({ length: SDK_ATTEMPTS }, () => atWork);
    const { store } = await script(
      ...answers,
      cancel({ Code: 'ConditionalCheckFailed', Item: STOCK_ITEM }, 'None'),
    );
    expect(await store.commit(transaction)).toMatchObject({ outcome: 'refused' });
  });
});
