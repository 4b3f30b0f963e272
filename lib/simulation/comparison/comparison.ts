/** The whole comparison: what the targets are about, and the same for all protocols side by side. */
import { type EscrowFigures, runEscrow } from './escrow-run.ts';
import { PROTOCOL_NAMES, type ProtocolName } from './protocols.ts';
import { type CutFigures, type LoadFigures, runCut, runLoad, runUsual } from './runs.ts';
import { type DemandShape, USUAL_DEMAND } from './scenario.ts';
import { missedTargets } from './targets.ts';
import type { UsualFigures } from './usual-figures.ts';

export interface ComparisonReport {
  readonly seed: number;
  readonly hours: number;
  readonly shape: DemandShape;
  readonly escrow: EscrowFigures;
  readonly usual: readonly UsualFigures[];
  readonly cuts: readonly CutFigures[];
  readonly loads: readonly LoadFigures[];
  /** What was aimed at and not reached, in words. */
  readonly missed: readonly string[];
}

/** Holds a second of one sku: from what a popular sku sees to more than any of the three takes. */
const LOADS: readonly number[] = [10, 50, 100, 200];

/** Runs everything, one run after the other. `progress` is told what begins. */
export async function compare(
  { seed, hours }: { readonly seed: number; readonly hours: number },
  progress: (what: string) => void,
): Promise<ComparisonReport> {
  const shape = USUAL_DEMAND;
  progress('escrow: the usual demand, then sold out');
  const escrow = await runEscrow(seed, { shape, hours });
  const usual: UsualFigures[] = [escrow.usual];
  const cuts: CutFigures[] = [];
  const loads: LoadFigures[] = [];
  const others: readonly ProtocolName[] = PROTOCOL_NAMES.filter((name) => name !== 'escrow');
  for (const protocol of others) {
    progress(`${protocol}: the usual demand`);
    usual.push(await runUsual(seed, protocol, { shape, hours }));
  }
  for (const protocol of PROTOCOL_NAMES) {
    for (const isHome of [true, false]) {
      progress(`${protocol}: a region is cut off`);
      cuts.push(await runCut(seed, protocol, { shape, isHome }));
    }
  }
  for (const offered of LOADS) {
    for (const protocol of PROTOCOL_NAMES) {
      progress(`${protocol}: ${offered} holds a second`);
      loads.push(await runLoad(seed, protocol, { shape, offered }));
    }
  }
  return { seed, hours, shape, escrow, usual, cuts, loads, missed: missedTargets(escrow) };
}
