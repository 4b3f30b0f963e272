import type { EscrowFigures } from './escrow-run.ts';
import type { HoldCounts } from './tally.ts';

/** What escrow is to reach, but for the end of a lot. */
const LOCAL_SHARE_GOAL = 0.999;
const GRANTS_PER_THOUSAND_GOAL = 1;

/** The part of the holds that asked nothing of another region. */
export const localShare = ({ holds, remote }: HoldCounts): number => (holds === 0 ? 1 : 1 - remote / holds);

export const grantsPerThousand = ({ holds, grants }: HoldCounts): number =>
  holds === 0 ? 0 : (grants * 1_000) / holds;

/** Which targets were missed, each with what was measured. */
export function missedTargets(figures: EscrowFigures): string[] {
  const { bulk, sellOut, wrongRefusals, oversold, conflicts, badAudits } = figures;
  const none = { wrongRefusals, oversold, conflicts, badAudits: badAudits.length, unsold: sellOut.unsold };
  return [
    ...(localShare(bulk) < LOCAL_SHARE_GOAL ? [`served without another region: ${localShare(bulk)}`] : []),
    ...(grantsPerThousand(bulk) > GRANTS_PER_THOUSAND_GOAL
      ? [`grants per 1,000 holds: ${grantsPerThousand(bulk)}`]
      : []),
    ...Object.entries(none).flatMap(([what, count]) => (count === 0 ? [] : [`${what}: ${count}`])),
  ];
}
