/** The canary against the whole service, as it runs every minute against a region. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublicApi } from '../../lib/adapters/canary/public-api.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { runCanary } from '../../lib/application/run-canary.ts';
import { CANARY_TENANT_ID } from '../../lib/domain/access.ts';
import { Caller, startTestStack, type TestStack } from './stack.ts';

const REGION = 'us-east-1';

let test: TestStack;
let key: string;
let keyId: string;

beforeAll(async () => {
  test = await startTestStack();
  const tenant = { tenantId: CANARY_TENANT_ID, name: 'Canary', tier: 'unlimited' };
  await test.operator.expect(201, 'POST /tenants', tenant);
  const scopes = ['read', 'write', 'admin'];
  const made = await test.operator.expect(201, `POST /tenants/${CANARY_TENANT_ID}/keys`, { scopes });
  key = made.body.secret;
  keyId = made.body.keyId;
}, 240_000);
afterAll(() => test?.stack.stop());

const apiOf = () => test.stack.regions[0]?.api ?? '';

const run = () =>
  runCanary({
    api: createPublicApi({
      url: apiOf(),
      timeoutMs: 20_000,
      onFailure: (error) => expect.fail(String(error)),
    }),
    apiKey: { read: async () => key, forget: () => undefined },
    clock: systemClock,
    random: systemRandomness,
    region: REGION,
  });

describe('the canary', () => {
  it('makes itself at home, and holds and releases a unit each time', async () => {
    expect(await run()).toMatchObject({ outcome: 'succeeded' });
    expect(await run()).toMatchObject({ outcome: 'succeeded' });
    const canary = new Caller(apiOf(), key);
    const audit = await canary.expect(200, `GET /audit?sku=canary-${REGION}`);
    expect(audit.body).toMatchObject({ ok: true, violations: [] });
    const stock = await canary.expect(200, `GET /stock/canary-${REGION}?consistency=strong`);
    expect(stock.body).toMatchObject({ available: 100 });
    const holds = await canary.expect(200, 'GET /reservations');
    expect(holds.body.items.map(({ status }: { status: string }) => status)).toEqual([
      'released',
      'released',
    ]);
  });

  it('says that its key is not known', async () => {
    await test.operator.expect(204, `DELETE /keys/${keyId}`);
    // Environments remember a key for half a minute.
    await test.control.expect(200, 'POST /clock', { advanceMs: 31_000 });
    expect(await run()).toMatchObject({ outcome: 'failed', failure: { status: 401, why: 'refused' } });
  }, 60_000);
});
