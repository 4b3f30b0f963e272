/** The report of a comparison, for people. */
import {
  BEFORE_CUT_MS,
  BOUGHT_SHARE,
  CONFLICT_ATTEMPTS_MAX,
  CUT_MS,
  HOME,
  LOT_UNITS,
  REGIONS,
  REORDER_SHARE,
  TAIL_SHARE,
  TRANSACTION_MS,
  WRITE_UNITS_PER_SECOND,
} from './assumptions.ts';
import type { ComparisonReport } from './comparison.ts';
import type { CutFigures, LoadFigures } from './runs.ts';
import type { DemandShape } from './scenario.ts';
import type { HoldCounts } from './tally.ts';
import { grantsPerThousand, localShare } from './targets.ts';
import type { UsualFigures } from './usual-figures.ts';

const MINUTE_MS = 60_000;
const NAME_WIDTH = 20;

const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)}%`;

/** What is taken for granted, in words. */
function assumptionsOf(shape: DemandShape): string[] {
  return [
    `${REGIONS.join(', ')}: round trips of 70, 90 and 150 ms, 4 ms within a region, each up to half as much again;`,
    'replication takes 0.05 to 2.5 s for each item by itself, a stream 20 to 600 ms for each batch.',
    `${shape.holdsPerSecond} holds a second over ${shape.skus} skus, ${percent(shape.skuSkew)} of them of a fifth of the skus; 1 to 3 units each;`,
    `${percent(shape.regionSkew)} come from one region, another one every ${shape.movesEveryMs / MINUTE_MS} minutes, from one moment to the next;`,
    `${percent(BOUGHT_SHARE)} are confirmed and shipped, the rest is given back.`,
    `Lots of ${LOT_UNITS} units, ordered when ${percent(REORDER_SHARE)} of one is left, delivered 5 to 25 s later in ${HOME}.`,
    `An item takes ${WRITE_UNITS_PER_SECOND} write units a second, a transacted write costs two; a transaction lasts ${TRANSACTION_MS} ms and`,
    `rejects what meets it on an item; a commit is tried ${CONFLICT_ATTEMPTS_MAX} times within 2 s, as the adapter does.`,
    'Strong consistency: a write waits for the nearest other region; one that meets a write of another region to the',
    'same item is rejected and tried again as often; those of one region queue at no cost (kinder than reality, as are',
    'distances between continents that it does not span). A hold is two writes in a row, counter and reservation.',
    'Environments are warm, and nothing fails but what is said. Latency is what a caller in the region of the API sees.',
  ];
}

function partLine(name: string, counts: HoldCounts): string {
  const { holds, held, refused, failed, grants, grantedUnits } = counts;
  const mean = grants === 0 ? 0 : Math.round(grantedUnits / grants);
  const share = holds === 0 ? 'none asked for' : `${percent(localShare(counts), 3)} without another region`;
  return `  ${name.padEnd(NAME_WIDTH)}${holds} holds, ${share}; ${held} held, ${refused} refused, ${failed} failed; ${grants} grants of ${mean} units, ${grantsPerThousand(counts).toFixed(2)} per 1,000 holds`;
}

function usualLines({ protocol, heldPerSecond, refused, failed, latencies }: UsualFigures): string[] {
  const title = `  ${protocol}: ${heldPerSecond.toFixed(1)} held/s, ${refused} refused, ${failed} failed`;
  const rows = latencies.map(
    ({ operation, p50Ms, p99Ms }) =>
      `    ${operation.padEnd(NAME_WIDTH + 4)}p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`,
  );
  return [title, ...rows];
}

const cutLine = ({ protocol, cutOff, isHome, served, servedInside, servedOutside }: CutFigures): string =>
  `  ${protocol.padEnd(NAME_WIDTH)}${cutOff}${isHome ? ' (home)' : ''}: ${percent(served, 1)} of all holds placed, ${percent(servedInside, 1)} inside, ${percent(servedOutside, 1)} outside`;

const loadLine = ({ protocol, offered, heldPerSecond, p99Ms }: LoadFigures): string =>
  `  ${protocol.padEnd(NAME_WIDTH)}${offered} asked for: ${heldPerSecond.toFixed(0)} held/s, p99 ${p99Ms.toFixed(0)} ms of those answered`;

/** The report for people. */
export function renderComparison(report: ComparisonReport): string {
  const { escrow, seed, hours, shape } = report;
  const { sellOut, wrongRefusals, oversold, conflicts, badAudits } = escrow;
  const lines = [
    `Virtual time, seed ${seed}, ${hours} hours. What is taken for granted:`,
    ...assumptionsOf(shape).map((line) => `  ${line}`),
    '',
    'Escrow',
    partLine('until its end', escrow.bulk),
    partLine(`the last ${percent(TAIL_SHARE)}`, escrow.tail),
    `  Sold out: ${sellOut.held} held, ${sellOut.refused} refused, ${sellOut.unsold} units unsold`,
    `  Wrong refusals ${wrongRefusals}, oversold ${oversold}, conflicts ${conflicts}, audits that failed ${badAudits.length}`,
    '',
    'The usual demand',
    ...report.usual.flatMap(usualLines),
    '',
    `One region is cut off for ${CUT_MS / MINUTE_MS} minutes, after ${BEFORE_CUT_MS / MINUTE_MS} minutes as usual`,
    ...report.cuts.map(cutLine),
    '',
    'Load on one sku, by holds a second',
    ...report.loads.map(loadLine),
    '',
    report.missed.length === 0 ? 'All targets reached.' : `MISSED: ${report.missed.join('; ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
