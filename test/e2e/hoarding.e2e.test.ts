/** Holds that nobody means to buy, in the whole service: caps of the tier free. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TIERS } from '../../lib/config/tiers.ts';
import { type Answer, Caller, startTestStack, stockUp, type TestStack } from './stack.ts';

const { holdsPerReference, unitsShare, requestsPerSecond, burst } = TIERS.free;
const UNITS = 1_000;
const TTL_SECONDS = 20;
/** Holds that may be placed before the region has heard of the first: what the rate lets through in two seconds. */
const UNHEARD_MAX = burst + 2 * requestsPerSecond;

let test: TestStack;
let shop: Caller;

beforeAll(async () => {
  test = await startTestStack();
  await test.operator.expect(201, 'POST /tenants', { tenantId: 'trial', name: 'Trial', tier: 'free' });
  const scopes = ['read', 'write', 'admin'];
  const key = await test.operator.expect(201, 'POST /tenants/trial/keys', { scopes });
  shop = new Caller(test.stack.regions[0]?.api ?? '', key.body.secret);
  await stockUp(shop, 'hall', { coveted: UNITS });
  await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
}, 120_000);
afterAll(() => test?.stack.stop());

/** Sends a hold at a pace within the rate of the tier, so that what refuses it is a cap. */
async function hold(reference: string, quantity = 1, idempotencyKey = shop.nextKey()): Promise<Answer> {
  for (;;) {
    const body = { lines: [{ sku: 'coveted', quantity }], ttlSeconds: TTL_SECONDS, reference };
    const answer = await shop.call('POST /reservations', body, { idempotencyKey });
    await new Promise((resolve) => setTimeout(resolve, 1_100 / requestsPerSecond));
    if (answer.status !== 429 || answer.body.limit !== undefined) return answer;
  }
}

const held = async () => (await shop.expect(200, 'GET /stock/coveted?consistency=strong')).body.held;

describe('one customer', () => {
  it('is refused at its caps, has its first answer still, and the stock is back in time', async () => {
    const key = shop.nextKey();
    const first = await hold('greedy', 1, key);
    expect(first.status).toBe(201);
    const answers: Answer[] = [];
    const startedMs = performance.now();
    while (answers.at(-1)?.status !== 429) answers.push(await hold('greedy'));
    const refused = answers.at(-1) as Answer;
    expect(refused.body).toMatchObject({ code: 'rate_limited', limit: 'reference_holds' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answers.length).toBeGreaterThanOrEqual(holdsPerReference);
    expect(answers.length).toBeLessThanOrEqual(holdsPerReference + UNHEARD_MAX);
    const again = await hold('greedy', 1, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await hold('somebody else')).status).toBe(201);
    // Nobody moves the clock: the time until the units are back is what is promised.
    while ((await held()) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(performance.now() - startedMs).toBeLessThan((TTL_SECONDS * 2 + 60) * 1_000);
    }
    expect((await hold('greedy')).status).toBe(201);
  }, 180_000);

  it('cannot lock a product away', async () => {
    const half = UNITS * unitsShare;
    const all = await hold('collector', half + 1);
    expect([all.status, all.body.limit]).toEqual([429, 'sku_share']);
    expect((await hold('collector', half)).status).toBe(201);
    await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
    const more = await hold('collector', 1);
    expect([more.status, more.body.limit]).toEqual([429, 'sku_share']);
    const audit = await shop.expect(200, 'GET /audit?sku=coveted');
    expect(audit.body).toMatchObject({ ok: true, violations: [] });
  }, 180_000);
});
