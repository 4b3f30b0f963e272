import { figureTable, markdownTable } from '../figures.ts';
import { ASSUMED } from '../workload.ts';
import { type Capacity, capacityOf, OVERNIGHT } from './capacity.ts';
import { EVEN_ENOUGH } from './capacity-options.ts';
import {
  functionRows,
  limitRows,
  loadRows,
  quotaRows,
  remedyRows,
  sizeRows,
  warmRows,
} from './capacity-rows.ts';

const ADVISED_MAX = 5;

/** What is used up first, in words. */
function biters({ limits }: Capacity): string[] {
  const full = limits.filter(({ overnight }) => overnight > 1);
  if (full.length === 0) return [`Nothing is used up, not even at ${OVERNIGHT} times the peak.`];
  return [
    `Used up first at ${OVERNIGHT} times the peak, and what customers see then:`,
    ...full
      .slice(0, ADVISED_MAX)
      .map(({ limit: { name, seen, remedy } }, index) => `${index + 1}. ${name}: ${seen}.\n   ${remedy}`),
  ];
}

/** The result for people. */
export function renderCapacity(capacity: Capacity): string {
  const quotas = quotaRows(capacity);
  return [
    figureTable(loadRows(capacity), 1),
    figureTable(limitRows(capacity), 3),
    biters(capacity).join('\n'),
    figureTable(functionRows(capacity), 1),
    ...(quotas.length > 1 ? [figureTable(quotas, 1)] : []),
    figureTable(warmRows(capacity), 4),
    figureTable(sizeRows(capacity), 1),
  ].join('\n\n');
}

/** A busy marketplace, and the scale of docs/requirements.md: a billion requests a day. */
const SHOWN = [5_000_000, 30_000_000] as const;
const REGIONS = 3;

/** The tables of docs/capacity.md, in their order. */
export function capacityPage(): string[] {
  const [busy, whole] = SHOWN.map((ordersPerDay) =>
    capacityOf({ workload: { ...ASSUMED, ordersPerDay, regions: REGIONS }, ...EVEN_ENOUGH }),
  );
  if (busy === undefined || whole === undefined) return [];
  const tables = (capacity: Capacity) => [
    markdownTable(loadRows(capacity), 1),
    markdownTable(limitRows(capacity), 3),
    markdownTable(functionRows(capacity), 1),
    markdownTable(quotaRows(capacity), 1),
    markdownTable(warmRows(capacity), 4),
    markdownTable(sizeRows(capacity), 1),
  ];
  return [...tables(busy), ...tables(whole), markdownTable(remedyRows(), 4)];
}
