/** Ten thousand holds that fall due in one minute: their units are back within the next. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256Digest } from '../../lib/adapters/system/digest.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { assembleDependencies } from '../../lib/application/assemble.ts';
import { NO_READ_MODEL } from '../../lib/application/no-read-model.ts';
import type { Dependencies, Store } from '../../lib/application/ports.ts';
import { sweepOnce } from '../../lib/application/sweep.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { openWaysOut } from '../../lib/simulation/open-outlets.ts';
import { storeAll } from '../support/guarded-writes.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { linesOf, quotaRecord, REGION, reservationRecord, stockRecord } from '../support/stored-records.ts';

const HOLDS = 10_000;
const SKUS = 20;
/** What the service promises. */
const PROMISED_MS = 60_000;
/**
 * How many times as long as the holds took to be written, on the same machine and in the same run, they may take to be
 * given back. DynamoDB writes 10,000 items in 100 transactions of some 50 ms one after the other: five seconds. Five times
 * that is well within the minute.
 */
const TIMES_AS_LONG_MAX = 5;
/** A transaction takes 100 writes: the quotas that its reservations share, and the reservations. */
const COMMITS_MAX = 2 * (HOLDS / (100 - SKUS));

let database: LocalDatabase;
beforeAll(async () => {
  database = await startLocalDatabase();
});
afterAll(() => database.stop());

/** A store that counts its commits. */
function counting(store: Store): { readonly store: Store; readonly commits: () => number } {
  let commits = 0;
  return {
    store: {
      ...store,
      commit: (writes) => {
        commits += 1;
        return store.commit(writes);
      },
    },
    commits: () => commits,
  };
}

const skuOf = (index: number): string => `sku-${index % SKUS}`;

async function placeHolds(store: Store, nowMs: number): Promise<Reservation[]> {
  const holds = Array.from({ length: HOLDS }, (_, index) => {
    // Over the last minute, as they would fall due.
    const expiresAtMs = nowMs - PROMISED_MS + Math.floor((index * PROMISED_MS) / HOLDS);
    return reservationRecord({
      keyHash: `hold-${index}`,
      lines: linesOf(skuOf(index)),
      expiresAtMs,
      firstExpiresAtMs: expiresAtMs,
    });
  });
  const promised = HOLDS / SKUS;
  const places = Array.from({ length: SKUS }, (_, index) => skuOf(index)).flatMap((sku) => [
    ['stock', stockRecord({ sku, onHand: promised })] as const,
    ['quota', quotaRecord({ sku, promised })] as const,
  ]);
  await storeAll(store, ...places, ...holds.map((hold) => ['reservation', hold] as const));
  return holds;
}

const quotasOf = async (store: Store): Promise<{ available: number; promised: number }[]> =>
  Promise.all(
    Array.from({ length: SKUS }, async (_, index) => {
      const { quotas } = await store.readSku('tenant', skuOf(index), 'strong');
      const [{ available = 0, promised = 0 } = {}] = quotas;
      return { available, promised };
    }),
  );

it('gives back 10,000 holds within a minute of their expiry, many in one transaction', async () => {
  const nowMs = Date.now();
  const plain = database.open();
  const placedFromMs = performance.now();
  await placeHolds(plain, nowMs);
  const placedMs = performance.now() - placedFromMs;
  const { store, commits } = counting(plain);
  const deps: Dependencies = assembleDependencies({
    replicas: { in: () => store },
    readModel: NO_READ_MODEL,
    clock: { now: () => nowMs, sleep: async () => undefined },
    random: systemRandomness,
    digest: sha256Digest,
    region: REGION,
    regions: [REGION],
  });
  const startedAtMs = performance.now();
  let expired = 0;
  for (let look = 0; look < 3; look += 1) expired += (await sweepOnce({ ...deps, ...openWaysOut() })).expired;
  const tookMs = performance.now() - startedAtMs;
  expect(expired).toBe(HOLDS);
  expect(commits()).toBeLessThan(COMMITS_MAX);
  expect(tookMs / placedMs).toBeLessThan(TIMES_AS_LONG_MAX);
  const each = HOLDS / SKUS;
  expect(await quotasOf(plain)).toEqual(
    Array.from({ length: SKUS }, () => ({ available: each, promised: 0 })),
  );
}, 240_000);
