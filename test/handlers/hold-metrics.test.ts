import { afterEach, expect, it, vi } from 'vitest';
import { createMetrics } from '../../lambdas/observability/metrics.ts';

afterEach(() => vi.restoreAllMocks());

const written = (operationId: string, problem: string) => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  createMetrics('reserve').record({ operationId, status: 409, durationMs: 1, problem });
  return JSON.parse(lines.join(''));
};

it.each([
  ['insufficient_stock', 1, 0],
  ['contended', 0, 1],
  ['unknown_sku', 0, 0],
])('a hold that ends as %s counts %i as refused and %i as contended', (problem, refused, contended) => {
  expect(written('reserveStock', problem)).toMatchObject({
    HoldsRefused: refused,
    HoldsContended: contended,
  });
});

it('other operations count neither: each is a metric that is paid for', () => {
  expect(written('recordMovement', 'insufficient_stock')).not.toHaveProperty('HoldsRefused');
});
