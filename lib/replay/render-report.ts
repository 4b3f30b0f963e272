import { ROW_REASONS, type RowReason } from './judge-row.ts';
import type { ReplayReport, Tally } from './replay-report.ts';

/** Failed audits shown in the text; `--json` has them all. */
const FAILURES_SHOWN_MAX = 20;

const TITLE_WIDTH = 12;
const NUMBER_WIDTH = 11;

const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
const decimal = (value: number): string => value.toFixed(1);
const titled = (title: string, text: string): string => `  ${title.padEnd(TITLE_WIDTH)}${text}`;

function rowLines({ rows }: ReplayReport): string[] {
  const reasons = Object.entries(rows.rejected);
  const rejected = reasons.reduce((sum, [, { rows: times }]) => sum + times, 0);
  return [
    titled(
      'Rows',
      `${count(rows.read)} read, ${count(rows.merged)} merged with another of their invoice, ${count(rejected)} left out:`,
    ),
    ...reasons.map(([reason, { rows: times, examples }]) => {
      const where = `row ${examples.join(', ')}${times > examples.length ? ', …' : ''}`;
      return `${count(times).padStart(TITLE_WIDTH + NUMBER_WIDTH)}  ${ROW_REASONS[reason as RowReason]} (${where})`;
    }),
  ];
}

function invoiceLine({ invoices }: ReplayReport): string {
  const { sales, cancellations, empty, split, lines } = invoices;
  return titled(
    'Invoices',
    `${count(sales)} sales (${count(split)} split into several carts), ${count(cancellations)} cancellations, ` +
      `${count(lines)} lines; ${count(empty)} had no sensible line`,
  );
}

function outcomeLines({ outcomes }: ReplayReport): string[] {
  const line = (title: string, { orders, lines, units }: Tally, what: string): string =>
    titled(
      title,
      `${count(orders).padStart(NUMBER_WIDTH)} ${what}, ${count(lines)} lines, ${count(units)} units`,
    );
  return [
    line('Held', outcomes.held, 'carts'),
    line('Refused', outcomes.refused, 'carts'),
    line('Shipped', outcomes.shipped, 'carts'),
    line('Released', outcomes.released, 'carts'),
    ...(outcomes.expired.orders > 0 ? [line('Expired', outcomes.expired, 'carts')] : []),
    line('Returned', outcomes.returned, 'returns'),
  ];
}

function speedLines({ throughput, operations }: ReplayReport): string[] {
  const { loadSeconds, playSeconds, ordersPerSecond, requestsPerSecond, retries } = throughput;
  return [
    titled(
      'Throughput',
      `${decimal(ordersPerSecond)} orders/s, ${decimal(requestsPerSecond)} requests/s for ${decimal(playSeconds)} s ` +
        `(after ${decimal(loadSeconds)} s of loading); ${count(retries)} retries`,
    ),
    ...operations.map(({ operation, requests, p50Ms, p99Ms }) => {
      const times = `p50 ${decimal(p50Ms)} ms, p99 ${decimal(p99Ms)} ms`;
      return `  ${' '.repeat(TITLE_WIDTH)}${operation.padEnd(TITLE_WIDTH + 1)}${count(requests).padStart(NUMBER_WIDTH)}  ${times}`;
    }),
  ];
}

function auditLines({ audit, ok }: ReplayReport): string[] {
  const { skus, failed } = audit;
  if (ok) return [titled('Audit', `${count(skus)} products: every unit is where it should be`)];
  const shown = failed.slice(0, FAILURES_SHOWN_MAX);
  return [
    titled('Audit', `FAILED for ${count(failed.length)} of ${count(skus)} products`),
    ...shown.map(({ sku, objections }) => `    ${sku}: ${objections.join('; ')}`),
    ...(failed.length > shown.length ? [`    … and ${count(failed.length - shown.length)} more`] : []),
  ];
}

/** The report for people. */
export function renderReport(report: ReplayReport): string {
  const lines = [
    `Replay of ${report.file}, seed ${report.seed}, names ${report.prefix}…`,
    ...rowLines(report),
    invoiceLine(report),
    ...outcomeLines(report),
    ...speedLines(report),
    ...auditLines(report),
    titled('Digest', report.digest),
  ];
  return `${lines.join('\n')}\n`;
}
