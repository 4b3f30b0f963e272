/** Three regions on real databases: what one of them lost means to its callers, and a minute of everything at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nothingTold, REGIONS, SKUS, stockUpRegions, workInAllRegions } from './regional-load.ts';
import { startTestStack, type TestStack } from './stack.ts';

const [US = '', EU = '', AP = ''] = REGIONS;
/** A caller is told that a region is out of reach within this. */
const TOLD_WITHIN_MS = 2000;
const CRASH_EVERY_MS = 4000;
const PAUSED_MS = 60_000;
/** What a crashed worker had in its hands is shown to the next one after half a minute. */
const QUIET_MS = 120_000;

const FAULTS = [
  { operation: 'TransactWriteItems', rate: 0.03, kind: 'timeout_before' },
  { operation: 'TransactWriteItems', rate: 0.03, kind: 'timeout_after' },
  { operation: 'TransactWriteItems', rate: 0.03, kind: 'conflict' },
  { operation: 'UpdateItem', rate: 0.03, kind: 'timeout_after' },
  { operation: 'PutItem', rate: 0.03, kind: 'timeout_after' },
  { operation: 'Query', rate: 0.02, kind: 'error_500' },
  { operation: 'GetItem', rate: 0.02, kind: 'throttle' },
];

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack(REGIONS);
}, 120_000);
afterAll(() => test.stack.stop());

const quiesce = () => test.control.expect(200, 'POST /quiesce', { timeoutMs: QUIET_MS });

async function setReplication(settings: { readonly paused: boolean }): Promise<void> {
  for (const from of REGIONS) {
    for (const to of REGIONS) {
      if (from !== to) await test.control.expect(200, `POST /replication/${from}/${to}`, settings);
    }
  }
}

/** Kills the environments of one region after the other until it is told to stop. */
async function crashUntil(stop: AbortSignal): Promise<number> {
  let crashes = 0;
  while (!stop.aborted) {
    await sleep(CRASH_EVERY_MS);
    await test.control.expect(200, `POST /regions/${REGIONS[crashes % REGIONS.length]}/crash`);
    crashes += 1;
  }
  return crashes;
}

describe('a region that is lost', () => {
  it('is said to be out of reach within two seconds, while the others serve what they have', async () => {
    const us = test.demoIn(US);
    for (const region of [US, EU]) {
      await us.expect(201, `PUT /locations/lost-${region}`, { name: region, region });
    }
    await us.expect(201, 'PUT /products/lost', { name: 'lost' });
    for (const region of [US, EU]) {
      const receipt = { type: 'receipt', sku: 'lost', locationId: `lost-${region}`, quantity: 10 };
      await us.expect(201, 'POST /movements', receipt);
    }
    const there = { lines: [{ sku: 'lost', quantity: 4, locationId: `lost-${EU}` }] };
    const held = await test.demoIn(EU).expect(201, 'POST /reservations', there);
    expect(held.body.region).toBe(EU);
    await quiesce();
    await test.control.expect(200, `POST /regions/${EU}/stop`);
    const startedAt = performance.now();
    const refused = await us.call(`POST /reservations/${held.body.reservationId}/confirm`, {});
    expect(performance.now() - startedAt).toBeLessThan(TOLD_WITHIN_MS);
    expect([refused.status, refused.body.code]).toEqual([503, 'region_unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const seen = await us.expect(200, `GET /reservations/${held.body.reservationId}`);
    expect(seen.body).toMatchObject({ status: 'held', asOf: expect.any(String) });
    const served = await us.expect(201, 'POST /reservations', { lines: [{ sku: 'lost', quantity: 10 }] });
    expect(served.body.region).toBe(US);
    await us.expect(409, 'POST /reservations', { lines: [{ sku: 'lost', quantity: 1 }] });
    await us.expect(503, 'GET /stock/lost?consistency=strong');
    await us.expect(200, 'GET /stock/lost');
    const listed = await us.expect(200, 'GET /regions');
    expect(listed.body.items).toMatchObject([{ status: 'active' }, { status: 'unreachable' }, {}]);
    await test.control.expect(200, `POST /regions/${EU}/start`);
    await us.expect(200, `POST /reservations/${held.body.reservationId}/confirm`, {});
    await quiesce();
    expect((await us.expect(200, 'GET /audit?sku=lost')).body).toMatchObject({ ok: true, violations: [] });
  }, 120_000);
});

describe('a minute without replication, a region lost, environments crashed, calls failing', () => {
  it('loses nothing, doubles nothing and promises no unit twice', async () => {
    await stockUpRegions(test);
    await quiesce();
    const told = nothingTold();
    const stop = new AbortController();
    for (const fault of FAULTS) await test.control.expect(200, 'POST /faults', fault);
    const working = workInAllRegions(test, told, { stop: stop.signal });
    const crashing = crashUntil(stop.signal);
    await setReplication({ paused: true });
    await sleep(PAUSED_MS / 4);
    await test.control.expect(200, `POST /regions/${AP}/stop`);
    await sleep(PAUSED_MS / 3);
    await test.control.expect(200, `POST /regions/${AP}/start`);
    await sleep(PAUSED_MS - PAUSED_MS / 4 - PAUSED_MS / 3);
    await setReplication({ paused: false });
    await sleep(CRASH_EVERY_MS);
    stop.abort();
    expect(await crashing).toBeGreaterThan(5);
    await test.control.call('DELETE /faults');
    await working;
    await quiesce();

    expect(told.odd).toEqual([]);
    // Otherwise nothing was proved. A machine that does something else besides gets through a tenth of what it can.
    expect(told.held).toBeGreaterThan(40);
    expect(told.refused).toBeGreaterThan(0);
    expect(told.confirmed.size).toBeGreaterThan(20);
    expect(told.retries).toBeGreaterThan(10);
    for (const [index, sku] of SKUS.entries()) {
      const auditor = test.demoIn(REGIONS[index % REGIONS.length] ?? US);
      const audit = await auditor.expect(200, `GET /audit?sku=${sku}`);
      expect(audit.body).toMatchObject({ ok: true, stable: true, violations: [], inTransit: 0 });
    }
    const state = await test.control.expect(200, 'GET /state');
    expect(state.body.replicationConflicts).toBe(0);
    for (const [id, orderId] of told.confirmed) {
      const found = await test.demoIn(AP).expect(200, `GET /reservations/${id}`);
      expect(found.body.orderId).toBe(orderId);
      expect(['confirmed', 'shipped']).toContain(found.body.status);
      if (told.shipped.has(id)) expect(found.body.status).toBe('shipped');
    }
  }, 600_000);
});
