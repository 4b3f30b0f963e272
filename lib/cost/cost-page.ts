import { type Estimate, estimateOf } from './estimate.ts';
import { dollars, figure, markdownTable } from './figures.ts';
import type { PriceList } from './price-list.ts';
import { partTotals } from './render-bill.ts';
import { ASSUMED } from './workload.ts';

const ORDERS_PER_DAY = [1_000, 100_000, 5_000_000] as const;
const REGIONS = [1, 3] as const;
const WORDS = 1;
/** The stage of which items and levers are shown. */
const SHOWN = { ordersPerDay: 100_000, regions: 3 } as const;

function overview(estimates: readonly Estimate[]): string {
  const row = (name: string, of: (estimate: Estimate) => string) => [name, ...estimates.map(of)];
  const [first] = estimates;
  const parts = first === undefined ? [] : partTotals(first).map(({ part }) => part);
  const usdOf = (estimate: Estimate, part: string) =>
    partTotals(estimate).find((total) => total.part === part)?.usd ?? 0;
  return markdownTable(
    [
      row('USD a month', ({ workload: { ordersPerDay, regions } }) => {
        return `${figure(ordersPerDay)}, ${regions} ${regions === 1 ? 'region' : 'regions'}`;
      }),
      ...parts.map((part) => row(part, (estimate) => dollars(usdOf(estimate, part)))),
      row('**sum**', ({ bill }) => `**${dollars(bill.usdPerMonth)}**`),
      row('for each order', ({ usdPerOrder = 0 }) => usdPerOrder.toFixed(5)),
      row('for a million requests', ({ usdPerMillionRequests = 0 }) => dollars(usdPerMillionRequests)),
    ],
    WORDS,
  );
}

function items({ bill }: Estimate, { prices }: PriceList): string {
  const rows = bill.items
    .filter(({ usd }) => usd > 0)
    .map(({ part, what, price, quantity, usd }) => {
      const { unit, certainty } = prices[price];
      return [part, what, unit, certainty, figure(quantity), dollars(usd)];
    });
  return markdownTable([['Part', 'Item', 'Unit', 'Price', 'A month', 'USD'], ...rows], 4);
}

const levers = (estimate: Estimate): string =>
  markdownTable(
    [
      ['What', 'USD a month less'],
      ...estimate.levers.map(({ what, usdPerMonth }) => [what, dollars(usdPerMonth)]),
    ],
    WORDS,
  );

/** The tables of docs/cost.md, in their order. */
export function costPage(prices: PriceList): string[] {
  const estimate = (figures: { readonly ordersPerDay: number; readonly regions: number }) =>
    estimateOf({ ...ASSUMED, ...figures }, prices);
  const all = REGIONS.flatMap((regions) =>
    ORDERS_PER_DAY.map((ordersPerDay) => estimate({ ordersPerDay, regions })),
  );
  const shown = estimate(SHOWN);
  return [overview(all), items(shown, prices), levers(shown)];
}
