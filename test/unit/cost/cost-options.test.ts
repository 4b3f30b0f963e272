import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/command-line/usage-error.ts';
import { COST_USAGE, parseCostOptions } from '../../../lib/cost/cost-options.ts';
import { estimateOf } from '../../../lib/cost/estimate.ts';
import { readPriceList } from '../../../lib/cost/price-list.ts';
import { renderBill } from '../../../lib/cost/render-bill.ts';
import { ASSUMED } from '../../../lib/cost/workload.ts';

describe('the command line of npm run cost', () => {
  it('assumes what is not said', () => {
    const { workload } = parseCostOptions(['--orders-per-day', '1000']);
    expect(workload).toEqual({ ...ASSUMED, ordersPerDay: 1_000 });
  });

  it('has a flag for every assumption', () => {
    const values: Record<string, number> = { ordersPerDay: 7, ...ASSUMED };
    const flags = Object.keys(values).map((key) =>
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    const args = flags.flatMap((flag) => [`--${flag}`, '1']);
    expect(parseCostOptions(args).workload).toEqual(
      Object.fromEntries(Object.keys(values).map((key) => [key, 1])),
    );
    for (const flag of flags) expect(COST_USAGE).toContain(`--${flag} N`);
  });

  it.each([
    [[], '--orders-per-day is needed, like 1000'],
    [['--orders-per-day', 'many'], '--orders-per-day must be a number, like 0.5'],
    [['--orders-per-day', '-1'], 'argument is ambiguous'],
    [['--orders-per-day', '1', '--regions', '1.5'], '--regions must be a whole number'],
    [['--orders-per-day', '1', '--regions', '11'], '--regions must be at most 10'],
    [['--orders-per-day', '1', '--lines', '0'], '--lines must be at least 1'],
    [['--orders-per-day', '1', '--released-share', '1.1'], '--released-share must be at most 1'],
    [['--orders', '1'], "Unknown option '--orders'"],
  ])('refuses %j', (args, message) => {
    const parse = () => parseCostOptions(args);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });

  it('needs nothing to help, or to make the page', () => {
    expect(parseCostOptions(['--help']).help).toBe(true);
    expect(parseCostOptions(['--page']).page).toBe(true);
  });
});

describe('the estimate for people', () => {
  const prices = readPriceList();
  const shown = (ordersPerDay: number) =>
    renderBill(estimateOf({ ...ASSUMED, ordersPerDay, regions: 3 }, prices), prices);

  it('has items, sums, levers, the naive design, and where prices are from', () => {
    const text = shown(100_000);
    expect(text).toContain('write unit, also of a replica');
    expect(text).toMatch(/USD a month\n[0-9.]+ USD for each order\n[0-9.]+ USD for each million/);
    expect(text).toContain('one region less');
    expect(text).toContain('twice: 24 without');
    expect(text).toContain(`${prices.region}, ${prices.asOf}`);
    expect(text).toContain('storage');
    expect(text.split('From memory')[1]).toContain('tableGbMonth');
    expect(text.split('From memory')[1]).not.toContain('writeUnit');
  });

  it('has no figure for each order when there is none', () => {
    const text = shown(0);
    expect(text).not.toMatch(/NaN|Infinity|for each order/);
    expect(text).not.toContain('traces');
  });
});
