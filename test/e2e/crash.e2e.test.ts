/**
 * A replay of orders while every running environment is killed again and again and calls to the database are
 * cut off before and after their effect: the same totals as an undisturbed replay, nothing lost or doubled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { createProgress } from '../../lib/command-line/progress.ts';
import { openApi } from '../../lib/replay/open-api.ts';
import { parseReplayOptions } from '../../lib/replay/replay-options.ts';
import { runReplay } from '../../lib/replay/run-replay.ts';
import { startTestStack, type TestStack } from './stack.ts';

const ORDERS = '60';
const CRASH_EVERY_MS = 1500;

const FAULTS = [
  { operation: 'TransactWriteItems', rate: 0.05, kind: 'timeout_before' },
  { operation: 'TransactWriteItems', rate: 0.05, kind: 'timeout_after' },
  { operation: 'TransactWriteItems', rate: 0.05, kind: 'conflict' },
  { operation: 'UpdateItem', rate: 0.05, kind: 'timeout_after' },
  { operation: 'PutItem', rate: 0.05, kind: 'timeout_after' },
  { operation: 'BatchGetItem', rate: 0.03, kind: 'error_500' },
  { operation: 'GetItem', rate: 0.03, kind: 'throttle' },
];

/** Kills every environment until it is told to stop; tells how often it did. */
async function crashUntil(test: TestStack, stop: AbortSignal): Promise<number> {
  let crashes = 0;
  while (!stop.aborted) {
    await sleep(CRASH_EVERY_MS);
    await test.control.expect(200, 'POST /regions/us-east-1/crash');
    crashes += 1;
  }
  return crashes;
}

async function replay(test: TestStack) {
  const [region] = test.stack.regions;
  const api = ['--api', region?.api ?? '', '--key', test.stack.keys?.demo ?? ''];
  const options = parseReplayOptions([
    ...api,
    '--limit',
    ORDERS,
    '--stock-factor',
    '0.8',
    '--concurrency',
    '8',
  ]);
  return runReplay(options, {
    clock: systemClock,
    random: systemRandomness,
    progress: createProgress(process.stderr),
    openApi: (chosen) => openApi(chosen, () => undefined),
  });
}

async function undisturbed() {
  const test = await startTestStack();
  try {
    return await replay(test);
  } finally {
    await test.stack.stop();
  }
}

async function disturbed() {
  const test = await startTestStack();
  const stop = new AbortController();
  try {
    for (const fault of FAULTS) await test.control.expect(200, 'POST /faults', fault);
    const crashing = crashUntil(test, stop.signal);
    const report = await replay(test);
    stop.abort();
    return { report, crashes: await crashing };
  } finally {
    stop.abort();
    await test.stack.stop();
  }
}

it('ends as it would have without them', async () => {
  const calm = await undisturbed();
  expect(calm).toMatchObject({ ok: true, audit: { failed: [] } });
  expect(calm.outcomes.held.orders).toBeGreaterThan(10);
  expect(calm.outcomes.refused.orders).toBeGreaterThan(3);
  const { report, crashes } = await disturbed();
  expect(report).toMatchObject({ ok: true, audit: { failed: [] } });
  // Otherwise nothing was proved: environments died often, and callers had to ask again.
  expect(crashes).toBeGreaterThan(5);
  expect(report.throughput.retries).toBeGreaterThan(10);
  expect(report.outcomes).toEqual(calm.outcomes);
  expect(report.digest).toBe(calm.digest);
}, 600_000);
