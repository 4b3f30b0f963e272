import { clientOf, type Machine, workThrough } from '../machine.ts';
import { STDIN } from '../read-records.ts';
import { runShadow } from './run-shadow.ts';
import type { ShadowOptions } from './shadow-options.ts';
import { describeDifference, type ShadowReport } from './shadow-report.ts';

/** Compares what the command line says. The signal ends the reading; what was read until then is judged. */
export function shadowFile(
  options: ShadowOptions,
  machine: Machine,
  signal: AbortSignal,
): Promise<ShadowReport> {
  const { from: format = 'jsonl', file = STDIN, concurrency, run, report } = options;
  const { clock, progress, stdin } = machine;
  const client = clientOf(options, machine);
  const plan = { source: { file, format, stdin, signal }, concurrency, run };
  return workThrough(machine, { file, report, title: 'Decisions' }, (tell) =>
    runShadow(plan, {
      client,
      clock,
      progress,
      onDifference: (difference) => tell(difference, describeDifference(difference)),
      onBad: (bad) => tell(bad, `line ${bad.line}: ${bad.problem}`),
    }),
  );
}

/** A line that cannot be read is a hole in the comparison; a difference is what it is for. */
export function exitCodeOf(report: ShadowReport, options: ShadowOptions): number {
  if (options['fail-on-difference']) return report.ok ? 0 : 1;
  return report.bad.lines === 0 ? 0 : 1;
}
