import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCanaryHandler } from '../../lambdas/canary/canary-handler.ts';
import { createCanaryMetrics } from '../../lambdas/canary/canary-metrics.ts';
import { LOG_MESSAGES } from '../../lambdas/observability/log-messages.ts';
import { formatApiKey, formatKeyId } from '../../lib/application/api-key-format.ts';
import type { CanaryAnswer } from '../../lib/application/run-canary.ts';
import { ManualClock, seededRandomness } from '../support/world.ts';

afterEach(() => vi.restoreAllMocks());

const KEY = formatApiKey(formatKeyId('canary', '0'.repeat(20)), 'k'.repeat(43));
const answerOf = (status: number, state: string): CanaryAnswer => ({
  status,
  reservation: { reservationId: 'res.1', status: state, units: 1 },
});

async function run(answers: (CanaryAnswer | undefined)[], key: string | undefined = KEY) {
  const lines: string[] = [];
  const errors: unknown[][] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  await createCanaryHandler({
    dependencies: {
      api: { send: async () => answers.shift() },
      apiKey: { read: async () => key, forget: () => undefined },
      clock: new ManualClock(),
      random: seededRandomness(1),
      region: 'us-east-1',
    },
    logger: { info: () => undefined, error: (...entry) => errors.push(entry) },
    metrics: createCanaryMetrics('canary'),
  })();
  return { measured: lines.map((line) => JSON.parse(line)), errors };
}

describe('a run of the canary', () => {
  it('that succeeds is measured, and is nothing to write about', async () => {
    const { measured, errors } = await run([answerOf(201, 'held'), answerOf(200, 'released')]);
    expect(measured).toMatchObject([{ service: 'canary', CanarySucceeded: 1, CanaryLatency: 0 }]);
    expect(errors).toEqual([]);
  });

  it('that fails is measured, and says where; the function itself ends well', async () => {
    const { measured, errors } = await run([{ status: 503, problem: 'contended' }]);
    expect(measured).toMatchObject([{ CanarySucceeded: 0 }]);
    expect(measured[0]).not.toHaveProperty('CanaryLatency');
    expect(errors).toMatchObject([
      [LOG_MESSAGES.canaryFailed, { operationId: 'reserveStock', status: 503, problem: 'contended' }],
    ]);
  });

  it('without a key fails, and never says what was in its place', async () => {
    const { measured, errors } = await run([], 'placeholder');
    expect(measured).toMatchObject([{ CanarySucceeded: 0 }]);
    expect(errors).toEqual([[LOG_MESSAGES.canaryKeyMissing]]);
  });
});
