import { textTable } from '../../operate/text-table.ts';
import { DIFFERENCES, type DifferenceKind, describeDifference, type ShadowReport } from './shadow-report.ts';

const KINDS = Object.keys(DIFFERENCES) as DifferenceKind[];

/** The report for people. */
export function renderShadow({
  decisions,
  agreed,
  unjudged,
  bad,
  differences,
  examples,
}: ShadowReport): string {
  const found = KINDS.filter((kind) => differences[kind] > 0);
  const rows = found.map((kind) => [kind, String(differences[kind]), DIFFERENCES[kind]]);
  const shown = found.flatMap((kind) => (examples[kind] ?? []).map(describeDifference));
  const total = found.reduce((sum, kind) => sum + differences[kind], 0);
  return [
    ...(rows.length === 0 ? [] : [textTable([['difference', 'count', 'means'], ...rows]), '', ...shown, '']),
    ...(bad.lines === 0 ? [] : [`${bad.lines} lines could not be read.`]),
    ...(unjudged === 0 ? [] : [`${unjudged} requests were to reservations that are not here.`]),
    `${decisions} decisions, ${agreed} alike, ${total} differences.`,
  ].join('\n');
}
