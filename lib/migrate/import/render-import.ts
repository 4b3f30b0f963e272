import { textTable } from '../../operate/text-table.ts';
import type { ImportReport } from './import-report.ts';
import { OUTCOMES } from './outcome.ts';

/** The summary for people. */
export function renderImport({ kinds, rows, ok, dryRun, problemsTotal }: ImportReport): string {
  const table = Object.entries(kinds).map(([kind, counts]) => [
    kind,
    ...OUTCOMES.map((became) => String(counts[became])),
  ]);
  const verdict = ok
    ? `${rows} rows, all of them good.`
    : `${rows} rows; ${problemsTotal} of them failed or differ from what is there.`;
  return [
    ...(table.length === 0 ? [] : [textTable([['kind', ...OUTCOMES], ...table]), '']),
    dryRun ? `${verdict} Nothing was sent.` : verdict,
  ].join('\n');
}
