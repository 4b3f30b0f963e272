import type { Estimate } from './estimate.ts';
import { dollars, figure, figureTable, percent } from './figures.ts';
import type { PriceList } from './price-list.ts';

const LEVERS_SHOWN = 5;

function itemRows({ bill }: Estimate, { prices }: PriceList): string[][] {
  const shown = bill.items.filter(({ usd }) => usd > 0);
  return shown.map(({ part, what, price, quantity, usd }, index) => [
    part === shown[index - 1]?.part ? '' : part,
    what,
    prices[price].unit,
    figure(quantity),
    dollars(usd),
  ]);
}

/** What each part costs, in the order of the bill. */
export function partTotals({ bill }: Estimate): { readonly part: string; readonly usd: number }[] {
  const parts = [...new Set(bill.items.map(({ part }) => part))];
  return parts.map((part) => ({
    part,
    usd: bill.items.filter((item) => item.part === part).reduce((sum, { usd }) => sum + usd, 0),
  }));
}

function totals(estimate: Estimate): string[] {
  const { bill, usdPerOrder, usdPerMillionRequests, requestsPerMonth } = estimate;
  const parts = partTotals(estimate).map(({ part, usd }) => [
    part,
    dollars(usd),
    percent(usd / bill.usdPerMonth),
  ]);
  const each = [
    ...(usdPerOrder === undefined ? [] : [`${usdPerOrder.toFixed(6)} USD for each order`]),
    ...(usdPerMillionRequests === undefined
      ? []
      : [
          `${dollars(usdPerMillionRequests)} USD for each million of the ${figure(requestsPerMonth)} requests a month`,
        ]),
  ];
  return [figureTable(parts, 1), '', `${dollars(bill.usdPerMonth)} USD a month`, ...each];
}

function leverLines({ levers, bill }: Estimate): string[] {
  if (levers.length === 0) return [];
  const rows = levers
    .slice(0, LEVERS_SHOWN)
    .map(({ what, usdPerMonth }) => [
      what,
      `-${dollars(usdPerMonth)}`,
      percent(usdPerMonth / bill.usdPerMonth),
    ]);
  return ['', 'What would save most, in USD a month, one by one:', figureTable(rows, 1)];
}

function naiveLines({ writes, workload }: Estimate): string[] {
  const { holdAndConfirm, naive, whole } = writes;
  const [verdict, share] =
    holdAndConfirm <= naive ? ['less', 1 - holdAndConfirm / naive] : ['more', holdAndConfirm / naive - 1];
  return [
    '',
    `Write units to hold and confirm an order of ${figure(workload.lines)} lines, in each region: ${figure(holdAndConfirm)}, with the read`,
    `model and the order's record. A plain transaction of stock, reservation, key and ledger, twice: ${figure(naive)} without`,
    `either; ${percent(share)} ${verdict} here.${whole === undefined ? '' : ` With shipment, receipts, lost holds and limits an order is ${figure(whole)}.`}`,
  ];
}

const LINE_WIDTH = 110;

/** Names as lines of a text. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const longer = `${lines.at(-1)}, ${name}`;
    if (lines.length > 0 && longer.length < LINE_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(name);
  }
  return lines;
}

/** The estimate for people. */
export function renderBill(estimate: Estimate, prices: PriceList): string {
  const head = ['part', 'item', 'unit', 'a month', 'USD'];
  return [
    figureTable([head, ...itemRows(estimate, prices)], 3),
    '',
    ...totals(estimate),
    ...leverLines(estimate),
    ...naiveLines(estimate),
    '',
    `Prices: ${prices.region}, ${prices.asOf}, without free tiers, discounts and taxes. From memory, to be checked on a bill:`,
    ...wrapped(estimate.remembered),
  ].join('\n');
}
