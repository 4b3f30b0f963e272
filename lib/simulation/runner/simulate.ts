import { MUTANTS } from '../mutants/mutants.ts';
import { floorFaults, totalOf } from './floors.ts';
import { huntMutants, renderHunt } from './hunt-mutants.ts';
import { runMany } from './run-many.ts';
import type { SeedReport } from './run-seed.ts';
import { optionsOf, runTask, type SeedTask } from './seed-task.ts';
import { renderHistory, replayCommand, shrink } from './shrink.ts';
import { ALL_MUTANTS, type SimulateOptions } from './simulate-options.ts';

/** Where a run has got to. */
export interface SimulationProgress {
  start(title: string, total: number): void;
  advance(): void;
  end(): void;
}

export interface Simulated {
  readonly text: string;
  readonly ok: boolean;
}

const taskOf = (options: SimulateOptions, seed: number): SeedTask => ({
  seed,
  hours: options.hours,
  without: options.without,
  ...(options.traffic === undefined ? {} : { traffic: options.traffic }),
  ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
});

function* tasksOf(options: SimulateOptions): Generator<SeedTask> {
  const first = options['first-seed'];
  for (let seed = first; seed < first + options.seeds; seed += 1) yield taskOf(options, seed);
}

async function explain(options: SimulateOptions, failing: SeedReport): Promise<string> {
  const { options: shortest, report } = await shrink(optionsOf(taskOf(options, failing.seed)), failing);
  return [
    `Seed ${failing.seed}: ${failing.violation?.what}`,
    '',
    renderHistory(report),
    '',
    `Again: ${replayCommand(shortest)}`,
  ].join('\n');
}

/** A mutant must be found: its run is right when it fails. */
async function explainAll(options: SimulateOptions, reports: readonly SeedReport[]): Promise<Simulated> {
  const sorted = [...reports].sort((a, b) => a.seed - b.seed);
  const failing = sorted.find(({ violation }) => violation !== undefined);
  const totals = totalOf(sorted);
  if (options.mutant !== undefined) {
    const text =
      failing === undefined
        ? `${options.mutant} survived ${sorted.length} seeds`
        : `${options.mutant} was found by seed ${failing.seed}: ${failing.violation?.what}`;
    return { text, ok: failing !== undefined };
  }
  if (failing !== undefined) return { text: await explain(options, failing), ok: false };
  const faults = floorFaults(totals);
  const text = [JSON.stringify(totals, undefined, 2), ...faults.map((fault) => `Too little: ${fault}`)].join(
    '\n',
  );
  return { text, ok: faults.length === 0 };
}

async function simulateOne(options: SimulateOptions, seed: number): Promise<Simulated> {
  const report = await runTask({ ...taskOf(options, seed), keepTrace: options.trace });
  const { violation, hash, lines, counts, mix } = report;
  const history = lines.map(({ atMs, text }) => `${new Date(atMs).toISOString()} ${text}`);
  const end = violation === undefined ? 'no violation' : `violation: ${violation.what}`;
  const summary = JSON.stringify({ seed, hash, mix, counts });
  return { text: [...history, summary, end].join('\n'), ok: violation === undefined };
}

/** Each mistake by itself: the run is right when all are found. */
async function simulateMutants(options: SimulateOptions, progress: SimulationProgress): Promise<Simulated> {
  const { seed: _, mutant: __, ...task } = taskOf(options, options['first-seed']);
  progress.start('Mutants', MUTANTS.length);
  const hunted = await huntMutants({
    mutants: MUTANTS.map(({ name }) => name),
    firstSeed: options['first-seed'],
    seedsMax: options.seeds,
    task,
    onHunted: () => progress.advance(),
  });
  progress.end();
  const survivors = hunted.filter(({ found }) => found === undefined).length;
  return {
    text: `${renderHunt(hunted)}\n\n${hunted.length - survivors} of ${hunted.length} were found`,
    ok: survivors === 0,
  };
}

/** Runs what the command line asks for. */
export async function simulate(options: SimulateOptions, progress: SimulationProgress): Promise<Simulated> {
  if (options['list-mutants']) {
    return { text: MUTANTS.map(({ name, mistake }) => `${name}: ${mistake}`).join('\n'), ok: true };
  }
  if (options.mutant === ALL_MUTANTS) return simulateMutants(options, progress);
  if (options.seed !== undefined) return simulateOne(options, options.seed);
  const reports: SeedReport[] = [];
  let hasFailed = false;
  progress.start('Seeds', options.seeds);
  await runMany({
    tasks: tasksOf(options),
    isDone: () => hasFailed,
    onReport: (report) => {
      reports.push(report);
      hasFailed ||= report.violation !== undefined;
      progress.advance();
    },
  });
  progress.end();
  return explainAll(options, reports);
}
