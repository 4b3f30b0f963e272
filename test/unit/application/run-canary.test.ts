import { expect, it } from 'vitest';
import { formatApiKey, formatKeyId } from '../../../lib/application/api-key-format.ts';
import { type CanaryAnswer, type CanaryRequest, runCanary } from '../../../lib/application/run-canary.ts';
import { ManualClock, seededRandomness } from '../../support/world.ts';

const KEY = formatApiKey(formatKeyId('canary', '0'.repeat(20)), 'k'.repeat(43));
const OTHER_KEY = formatApiKey(formatKeyId('canary', '1'.repeat(20)), 'k'.repeat(43));

const HELD = { status: 201, reservation: { reservationId: 'res.1', status: 'held', units: 1 } };
const RELEASED = { status: 200, reservation: { reservationId: 'res.1', status: 'released', units: 1 } };

type Script = readonly (CanaryAnswer | undefined)[];

/** Runs once against an API that answers as it is told, each time after 20 ms. */
async function run(script: Script, secrets: readonly (string | undefined)[] = [KEY]) {
  const asked: CanaryRequest[] = [];
  const clock = new ManualClock();
  let reads = 0;
  const result = await runCanary({
    api: {
      send: async (request) => {
        clock.advance(20);
        return script[asked.push(request) - 1];
      },
    },
    apiKey: {
      read: async () => secrets[Math.min(reads, secrets.length - 1)],
      forget: () => {
        reads += 1;
      },
    },
    clock,
    random: seededRandomness(1),
    region: 'eu-west-1',
  });
  return { result, asked, did: asked.map(({ operationId }) => operationId), forgot: reads };
}

it('holds one unit for a minute at most, gives it back, and says how long that took', async () => {
  const { result, asked, did } = await run([HELD, RELEASED]);
  expect(result).toEqual({ outcome: 'succeeded', latencyMs: 40 });
  expect(did).toEqual(['reserveStock', 'releaseReservation']);
  const lines = [{ sku: 'canary-eu-west-1', locationId: 'canary-eu-west-1', quantity: 1 }];
  expect(asked[0]).toMatchObject({ key: KEY, body: { lines, ttlSeconds: 60 } });
  expect(asked[1]).toMatchObject({ id: 'res.1', body: {} });
  expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(2);
});

it.each(['unknown_sku', 'unknown_location', 'insufficient_stock'])(
  'makes sure of its product, its place and its stock when a hold is refused as %s',
  async (problem) => {
    const missing = { status: 409, problem };
    const made = [{ status: 201 }, { status: 200 }, { status: 201 }];
    const { result, asked, did } = await run([missing, ...made, HELD, RELEASED]);
    // The setup is nothing that a shopper waits for.
    expect(result).toEqual({ outcome: 'succeeded', latencyMs: 40 });
    expect(did.slice(1, 4)).toEqual(['putProduct', 'putLocation', 'recordMovement']);
    expect(asked[2]).toMatchObject({ body: { region: 'eu-west-1' } });
    expect(asked[3]).toMatchObject({ body: { type: 'count', quantity: 100 } });
  },
);

const WITHOUT_STOCK = { status: 409, problem: 'insufficient_stock' };
const UNAVAILABLE = { status: 503, problem: 'region_unavailable' };
const UNITS = { reservationId: 'res.1', status: 'held', units: 2 };

it.each<[string, Script, object]>([
  ['a 503', [UNAVAILABLE], { operationId: 'reserveStock', why: 'refused', ...UNAVAILABLE }],
  ['no answer', [undefined], { operationId: 'reserveStock', why: 'no_answer' }],
  [
    'an answer that is no reservation',
    [{ status: 201 }],
    { operationId: 'reserveStock', why: 'wrong_answer' },
  ],
  ['more units', [{ status: 201, reservation: UNITS }], { operationId: 'reserveStock', why: 'wrong_answer' }],
  ['another good status', [{ ...HELD, status: 200 }], { operationId: 'reserveStock', why: 'wrong_answer' }],
  ['no release', [HELD, UNAVAILABLE], { operationId: 'releaseReservation', why: 'refused', status: 503 }],
  ['a release that does nothing', [HELD, { ...HELD, status: 200 }], { why: 'wrong_answer', status: 200 }],
  ['a setup that is refused', [WITHOUT_STOCK, { status: 403 }], { operationId: 'putProduct', status: 403 }],
  [
    'stock that stays away',
    [WITHOUT_STOCK, { status: 200 }, { status: 200 }, { status: 201 }, WITHOUT_STOCK],
    { operationId: 'reserveStock', why: 'refused', problem: 'insufficient_stock' },
  ],
])('fails by %s, and says where', async (_, script, failure) => {
  const { result } = await run(script);
  expect(result).toMatchObject({ outcome: 'failed', failure });
});

it('asks with the new key when the old one was taken away', async () => {
  const { result, asked } = await run([{ status: 401 }, HELD, RELEASED], [KEY, OTHER_KEY]);
  expect(result).toMatchObject({ outcome: 'succeeded' });
  expect(asked.map(({ key }) => key)).toEqual([KEY, OTHER_KEY, OTHER_KEY]);
});

it.each([[undefined], ['to be filled in'], ['']])(
  'asks nothing with %j for a key, and looks anew next time',
  async (secret) => {
    const { result, did, forgot } = await run([], [secret]);
    expect([result, did, forgot]).toEqual([{ outcome: 'no_key' }, [], 1]);
  },
);
