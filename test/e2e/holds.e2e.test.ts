/** Many buyers at once, against the whole service: what the product promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestStack, stockUp, type TestStack } from './stack.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

const tally = (answers: readonly Answer[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = status < 400 ? String(status) : `${status} ${body.code}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

async function expectAudited(...skus: string[]) {
  for (const sku of skus) {
    const audit = await test.demo.expect(200, `GET /audit?sku=${sku}`);
    expect(audit.body).toMatchObject({ ok: true, stable: true, violations: [] });
  }
}

describe('500 clients at once', () => {
  it('get exactly the 100 units there are', async () => {
    await stockUp(test.demo, 'hall', { rush: 100 });
    const lines = [{ sku: 'rush', quantity: 1 }];
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => test.demo.call('POST /reservations', { lines })),
    );
    expect(tally(answers)).toEqual({ '201': 100, '409 insufficient_stock': 400 });
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.lines).toMatchObject([{ sku: 'rush', requested: 1, available: 0, reason: 'held' }]);
    await expectAudited('rush');
  }, 120_000);

  it('get exactly the units there are when carts cross two skus in opposite order', async () => {
    await stockUp(test.demo, 'hall', { left: 100, right: 100 });
    const left = { sku: 'left', quantity: 1 };
    const right = { sku: 'right', quantity: 1 };
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        test.demo.call('POST /reservations', { lines: index % 2 === 0 ? [left, right] : [right, left] }),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 100, '409 insufficient_stock': 400 });
    await expectAudited('left', 'right');
  }, 120_000);
});

describe('one key', () => {
  it('makes one hold of 50 requests at once', async () => {
    await stockUp(test.demo, 'hall', { once: 100 });
    const idempotencyKey = test.demo.nextKey();
    const body = { lines: [{ sku: 'once', quantity: 3 }] };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => test.demo.call('POST /reservations', body, { idempotencyKey })),
    );
    expect(tally(answers)).toEqual({ '201': 50 });
    expect(new Set(answers.map((answer) => answer.body.reservationId)).size).toBe(1);
    const first = answers.filter(({ headers }) => headers.get('idempotency-replayed') === null);
    expect(first).toHaveLength(1);
    const stock = await test.demo.expect(200, 'GET /stock/once?consistency=strong');
    expect(stock.body).toMatchObject({ available: 97, held: 3 });
  });

  it('returns the hold that took the last unit, also after confirm, release and expiry', async () => {
    await stockUp(test.demo, 'hall', { last: 3 });
    const body = { lines: [{ sku: 'last', quantity: 1 }], ttlSeconds: 5, reference: 'cart' };
    const keys = ['confirm', 'release', 'expire'].map((name) => `${name}-${test.demo.nextKey()}`);
    const first: Answer[] = [];
    for (const idempotencyKey of keys) {
      first.push(await test.demo.expect(201, 'POST /reservations', body, { idempotencyKey }));
    }
    const ids = first.map((answer) => answer.body.reservationId);
    await test.demo.expect(200, `POST /reservations/${ids[0]}/confirm`, {});
    await test.demo.expect(200, `POST /reservations/${ids[1]}/release`, {});
    await test.control.expect(200, 'POST /clock', { advanceMs: 6000 });
    const expired = await test.demo.expect(409, `POST /reservations/${ids[2]}/confirm`, {});
    expect(expired.body.code).toBe('reservation_expired');
    for (const [index, idempotencyKey] of keys.entries()) {
      const again = await test.demo.expect(201, 'POST /reservations', body, { idempotencyKey });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.body).toEqual(first[index]?.body);
    }
    const other = { ...body, reference: 'other' };
    for (const idempotencyKey of keys) {
      const reused = await test.demo.expect(422, 'POST /reservations', other, { idempotencyKey });
      expect(reused.body.code).toBe('idempotency_key_reused');
    }
  });
});

describe('an expired hold', () => {
  it('is available again within a minute, and never confirmed', async () => {
    await stockUp(test.demo, 'hall', { brief: 2 });
    const body = { lines: [{ sku: 'brief', quantity: 2 }], ttlSeconds: 5 };
    const { reservationId } = (await test.demo.expect(201, 'POST /reservations', body)).body;
    await test.control.expect(200, 'POST /clock', { advanceMs: 5000 });
    const shown = await test.demo.expect(200, `GET /reservations/${reservationId}`);
    expect(shown.body.status).toBe('expired');
    await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
    const stock = await test.demo.expect(200, 'GET /stock/brief?consistency=strong');
    expect(stock.body).toMatchObject({ available: 2, held: 0 });
    const confirm = await test.demo.expect(409, `POST /reservations/${reservationId}/confirm`, {});
    expect(confirm.body.code).toBe('reservation_expired');
    await expectAudited('brief');
  }, 120_000);
});
