/** This release and the one before it side by side, in and across regions, while the backfill runs. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { createProgress } from '../../lib/command-line/progress.ts';
import { parseMigrateOptions } from '../../lib/operate/migrate/migrate-options.ts';
import { runMigrate } from '../../lib/operate/migrate/run-migrate.ts';
import { nothingTold, SKUS, stockUpRegions, workInAllRegions } from './regional-load.ts';
import { startTestStack, type TestStack } from './stack.ts';
import { passOn, REGIONS, releasesOf } from './two-releases.ts';

/** Both syntheses, where nobody has made them before, and a stack of three regions. */
const START_MAX_MS = 400_000;
const LOAD_MS = 30_000;
/** What a function says of an item that it does not understand, or that it does not expect. */
const MISREAD = /cannot be read|malformed|INTERNAL_ERROR|UnreadableItem|ZodError/;
/**
 * A busy machine, which runs three databases and all functions at once, may leave a request without an answer in time.
 * What one release cannot read of the other is a 500 instead, a line above, or both.
 */
const LATE = /: (502|503|504|no answer)/;
const QUIET_MS = 120_000;

function migrate(test: TestStack, ...flags: string[]) {
  const checkpoint = path.join(tmpdir(), `${randomUUID()}.json`);
  const all = ['--control', test.stack.control, '--checkpoint', checkpoint, '--units', '1000', ...flags];
  const progress = createProgress({ write: () => true });
  return runMigrate(parseMigrateOptions(all), {
    progress,
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

/** Renames products, one after the other. @returns the last name of each that was acknowledged. */
async function renameUntil(test: TestStack, stop: AbortSignal, failed: string[]) {
  const names = new Map<string, string>();
  for (let turn = 0; !stop.aborted; turn += 1) {
    const sku = SKUS[turn % SKUS.length] ?? '';
    const caller = test.demoIn(REGIONS[turn % REGIONS.length] ?? '');
    const answer = await caller.call(`PUT /products/${sku}`, { name: `${sku} ${turn}` });
    if (answer.status === 200) names.set(sku, `${sku} ${turn}`);
    else {
      // It may have taken effect all the same.
      names.delete(sku);
      failed.push(`PUT /products/${sku}: ${answer.status} ${answer.body.code}`);
    }
    await sleep(250);
  }
  return names;
}

describe('this release and the one before', () => {
  let test: TestStack;
  const misread: string[] = [];
  const quiesce = () => test.control.expect(200, 'POST /quiesce', { timeoutMs: QUIET_MS });

  beforeAll(async () => {
    test = await startTestStack(REGIONS, {
      synthesis: releasesOf('previous-release'),
      onOutput: (line) => {
        if (MISREAD.test(line)) misread.push(line);
      },
    });
  }, START_MAX_MS);
  afterAll(() => test?.stack.stop());

  it('each read and change what the other has written', async () => {
    expect([await passOn(test), misread]).toEqual([[], []]);
  }, 120_000);

  it('fail no request and lose no write, under load, while items are migrated', async () => {
    await stockUpRegions(test);
    await quiesce();
    const told = nothingTold();
    const stop = new AbortController();
    const working = workInAllRegions(test, told, { stop: stop.signal, clientsPerRegion: 1 });
    const renaming = renameUntil(test, stop.signal, told.failed);
    await sleep(LOAD_MS / 3);
    const before = await migrate(test, '--dry-run');
    const during = await migrate(test);
    await sleep(LOAD_MS / 3);
    stop.abort();
    await working;
    const names = await renaming;
    await quiesce();

    // Both forms were there, and some became the newer one meanwhile: otherwise nothing was proved.
    const sum = (name: 'due' | 'current', { regions }: typeof before) =>
      regions.reduce((total, region) => total + region[name], 0);
    expect(sum('due', before)).toBeGreaterThan(5);
    expect(sum('current', before)).toBeGreaterThan(5);
    expect(during.regions.reduce((total, { migrated }) => total + migrated, 0)).toBeGreaterThan(5);
    expect(told.held).toBeGreaterThan(15);
    expect(told.confirmed.size).toBeGreaterThan(8);
    expect([told.odd, told.failed.filter((each) => !LATE.test(each)), misread]).toEqual([[], [], []]);

    expect((await migrate(test)).ok).toBe(true);
    expect(await migrate(test, '--dry-run')).toMatchObject({ ok: true, unreadable: [] });
    await quiesce();
    for (const [index, sku] of SKUS.entries()) {
      const auditor = test.demoIn(REGIONS[index % REGIONS.length] ?? '');
      const audit = await auditor.expect(200, `GET /audit?sku=${sku}`);
      expect(audit.body).toMatchObject({ ok: true, stable: true, violations: [], inTransit: 0 });
      const product = await auditor.expect(200, `GET /products/${sku}`);
      if (names.has(sku)) expect(product.body.name).toBe(names.get(sku));
    }
    for (const [id, orderId] of told.confirmed) {
      for (const region of REGIONS) {
        const found = await test.demoIn(region).expect(200, `GET /reservations/${id}`);
        expect(found.body.orderId).toBe(orderId);
        expect(told.shipped.has(id) ? ['shipped'] : ['confirmed', 'shipped']).toContain(found.body.status);
      }
    }
    const state = await test.control.expect(200, 'GET /state');
    expect(state.body.replicationConflicts).toBe(0);
  }, 600_000);
});

describe('this release and one that cannot read what it writes', () => {
  it(
    'fail: the release between them may not be left out',
    async () => {
      const test = await startTestStack(REGIONS, {
        synthesis: releasesOf('first-release'),
        onOutput: () => undefined,
      });
      try {
        const faults = await passOn(test);
        expect(faults.filter((fault) => fault.endsWith(' 500')).length).toBeGreaterThan(2);
      } finally {
        await test.stack.stop();
      }
    },
    START_MAX_MS,
  );
});
