import { clientOf, type Machine, workThrough } from '../machine.ts';
import { STDIN } from '../read-records.ts';
import type { ImportOptions } from './import-options.ts';
import { describeProblem, type ImportReport } from './import-report.ts';
import { runImport } from './run-import.ts';

/** Imports what the command line says. */
export function importFile(options: ImportOptions, machine: Machine): Promise<ImportReport> {
  const { from: format = 'csv', file = STDIN, kind, concurrency, report } = options;
  const { clock, progress, stdin } = machine;
  const client = options['dry-run'] ? undefined : clientOf(options, machine);
  const plan = { source: { file, format, stdin }, kind, concurrency };
  return workThrough(machine, { file, report, title: 'Rows' }, (tell) =>
    runImport(plan, {
      client,
      clock,
      progress,
      onProblem: (problem) => tell(problem, describeProblem(problem)),
    }),
  );
}
