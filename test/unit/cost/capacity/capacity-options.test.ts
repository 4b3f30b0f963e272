import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../lib/command-line/usage-error.ts';
import { EVEN_ENOUGH, parseCapacityOptions } from '../../../../lib/cost/capacity/capacity-options.ts';
import { ASSUMED } from '../../../../lib/cost/workload.ts';

describe('the command line of npm run capacity', () => {
  it('assumes what is not said', () => {
    const { demand } = parseCapacityOptions(['--orders-per-day', '1000']);
    expect(demand).toEqual({ workload: { ...ASSUMED, ordersPerDay: 1_000 }, ...EVEN_ENOUGH });
  });

  it('takes what is said', () => {
    const said = [
      '--orders-per-day',
      '9',
      '--peak-factor',
      '4.5',
      '--tenant-share',
      '0.5',
      '--sku-share',
      '0.2',
    ];
    expect(parseCapacityOptions(said).demand).toMatchObject({
      peakFactor: 4.5,
      tenantShare: 0.5,
      skuShare: 0.2,
    });
  });

  it.each([
    [[], '--orders-per-day is needed, like 1000'],
    [['--orders-per-day', '1', '--peak-factor', '0.5'], '--peak-factor must be at least 1'],
    [['--orders-per-day', '1', '--tenant-share', '2'], '--tenant-share must be at most 1'],
    [['--orders-per-day', '1', '--sku-share', 'x'], '--sku-share must be a number, like 0.5'],
    [['--peak', '1'], "Unknown option '--peak'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseCapacityOptions(args)).toThrow(UsageError);
    expect(() => parseCapacityOptions(args)).toThrow(message);
  });
});
