import { describe, expect, it } from 'vitest';
import { parseBenchOptions } from '../../../lib/replay/bench/bench-options.ts';
import { renderBench } from '../../../lib/replay/bench/render-bench.ts';
import type { BenchReport } from '../../../lib/replay/bench/run-bench.ts';

const operations = [{ operation: 'hold', requests: 10, p50Ms: 1.25, p99Ms: 9 }];
const report = (ratio: number): BenchReport => ({
  file: 'x.csv',
  invoices: 600,
  linesPerInvoice: 17.94,
  concurrency: 16,
  service: { invoicesPerSecond: 20 * ratio, operations },
  raw: { invoicesPerSecond: 20, operations },
  ratio,
  sliceRatios: [ratio - 0.1, ratio + 0.1],
});

describe('the report of the benchmark', () => {
  it('shows both sides, their ratio and how far it strays', () => {
    const text = renderBench(report(0.6));
    expect(text).toContain('600 invoices of 17.9 lines, 16 at once');
    expect(text).toContain('through HTTP: 12.0 invoices/s');
    expect(text).toContain('plain SDK: 20.0 invoices/s');
    expect(text).toContain('Ratio: 0.60 (0.50 to 0.70 by slice)');
  });

  it.each([
    [0.5, 'reached'],
    [0.49, 'MISSED'],
  ])('says of a ratio of %d that the goal is %s', (ratio, verdict) => {
    expect(renderBench(report(ratio))).toContain(`goal 0.50: ${verdict}`);
  });
});

describe('the options of the benchmark', () => {
  it('are read', () => {
    expect(parseBenchOptions(['--invoices', '50', '--concurrency', '4', '--json'])).toMatchObject({
      invoices: 50,
      concurrency: 4,
      json: true,
    });
  });

  it.each([
    [['--invoices', '0'], '--invoices must be at least 1'],
    [['--concurrency', 'all'], '--concurrency must be a whole number'],
    [['--seed', '1'], "Unknown option '--seed'"],
  ])('%j: %s', (flags, message) => {
    expect(() => parseBenchOptions(flags)).toThrow(message);
  });
});
