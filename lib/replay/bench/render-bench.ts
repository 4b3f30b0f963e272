import type { OperationFigures } from '../latencies.ts';
import type { BenchReport, SideFigures } from './run-bench.ts';

/** What the project has set itself. */
const RATIO_GOAL = 0.5;

const NAME_WIDTH = 10;

const operationLine = ({ operation, p50Ms, p99Ms }: OperationFigures): string =>
  `    ${operation.padEnd(NAME_WIDTH)}p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;

const sideLines = (title: string, { invoicesPerSecond, operations }: SideFigures): string[] => [
  `  ${title}: ${invoicesPerSecond.toFixed(1)} invoices/s`,
  ...operations.map(operationLine),
];

/** The report for people. */
export function renderBench(report: BenchReport): string {
  const { invoices, linesPerInvoice, concurrency, ratio, sliceRatios } = report;
  const [lowest = 0, highest = 0] = [sliceRatios.at(0), sliceRatios.at(-1)];
  const verdict = ratio >= RATIO_GOAL ? 'reached' : 'MISSED';
  const lines = [
    `${invoices} invoices of ${linesPerInvoice.toFixed(1)} lines, ${concurrency} at once: hold, confirm, ship`,
    ...sideLines('Service, through HTTP', report.service),
    ...sideLines('The same transactions, by the plain SDK', report.raw),
    `  Ratio: ${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)} by slice); goal ${RATIO_GOAL.toFixed(2)}: ${verdict}`,
  ];
  return `${lines.join('\n')}\n`;
}
