import { textTable } from '../text-table.ts';
import type { Difference } from './compare-stock.ts';
import type { ReplayedStock } from './replayed-stock.ts';
import type { LogResult } from './run-log.ts';

/** More rows than anybody reads; `--to` and `--json` have all of them. */
const ROWS_MAX = 200;

function renderStocks(stocks: readonly ReplayedStock[]): string {
  const head = ['tenant', 'sku', 'location', 'on hand', 'held', 'committed', 'shipped', ''];
  const rows = stocks
    .slice(0, ROWS_MAX)
    .map(({ tenantId, sku, locationId, onHand, held, committed, shipped, lastOnHand }) => [
      tenantId,
      sku,
      locationId,
      ...[onHand, held, committed, shipped].map(String),
      lastOnHand === undefined ? '' : `the last movement left ${lastOnHand}: entries are missing`,
    ]);
  const more = stocks.length > ROWS_MAX ? `\n… and ${stocks.length - ROWS_MAX} more` : '';
  return `${textTable([head, ...rows])}${more}`;
}

function renderDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The log and the service agree.';
  const head = ['sku', 'location', 'figure', 'in the log', 'in the service'];
  const rows = differences.map(({ sku, locationId, figure, inLog, inService }) => [
    sku,
    locationId,
    figure,
    String(inLog),
    String(inService),
  ]);
  return textTable([head, ...rows]);
}

/** The result for people. */
export function renderLog(result: LogResult, isWritten: boolean): string {
  const { files, entries, repeated, unreadable, stocks, differences } = result;
  const read = `${entries} entries in ${files} files, ${repeated} of them said nothing new.`;
  const bad = `${unreadable.count} lines cannot be read: ${unreadable.lines.join(', ')}`;
  return [
    read,
    ...(unreadable.count === 0 ? [] : [bad]),
    ...(isWritten || differences !== undefined ? [] : ['', renderStocks(stocks)]),
    ...(differences === undefined ? [] : ['', renderDifferences(differences)]),
  ].join('\n');
}
