/** Runs with each mistake in turn, from the first seed on, until a seed finds it. */
import { runMany } from './run-many.ts';
import type { SeedReport } from './run-seed.ts';
import type { SeedTask } from './seed-task.ts';

/** What became of one mistake. */
export interface Hunted {
  readonly mutant: string;
  /** The seed that found it, and how many it took; absent when it survived. */
  readonly found?: { readonly seed: number; readonly seeds: number; readonly what: string };
}

export interface Hunt {
  readonly mutants: readonly string[];
  readonly firstSeed: number;
  /** A mistake that survives so many is not found. */
  readonly seedsMax: number;
  /** The run of a seed, but for seed and mutant. */
  readonly task: Omit<SeedTask, 'seed' | 'mutant'>;
  readonly onHunted?: (mutant: string) => void;
}

/** Every seed that is begun also ends, so the first that found a mistake is known, in whatever order they end. */
export async function huntMutants({ mutants, firstSeed, seedsMax, task, onHunted }: Hunt): Promise<Hunted[]> {
  const finders = new Map<string, SeedReport>();
  function* tasks(): Generator<SeedTask> {
    for (const mutant of mutants) {
      for (let seed = firstSeed; seed < firstSeed + seedsMax && !finders.has(mutant); seed += 1) {
        yield { ...task, seed, mutant };
      }
      onHunted?.(mutant);
    }
  }
  await runMany({
    tasks: tasks(),
    isDone: () => false,
    onReport: (report) => {
      const { mutant = '', seed, violation } = report;
      const isFirst = seed < (finders.get(mutant)?.seed ?? Number.POSITIVE_INFINITY);
      if (violation !== undefined && isFirst) finders.set(mutant, report);
    },
  });
  return mutants.map((mutant) => {
    const finder = finders.get(mutant);
    if (finder === undefined) return { mutant };
    const { seed, violation } = finder;
    return { mutant, found: { seed, seeds: seed - firstSeed + 1, what: violation?.what ?? '' } };
  });
}

/** How much of a name, and of what was found, a line of the table shows. */
const NAME_WIDTH = 34;
const WHAT_LENGTH_MAX = 90;

/** A line for each mistake: how many seeds it took, and what showed it. */
export function renderHunt(hunted: readonly Hunted[]): string {
  return hunted
    .map(({ mutant, found }) => {
      const name = mutant.padEnd(NAME_WIDTH);
      if (found === undefined) return `${name} survived`;
      return `${name} ${String(found.seeds).padStart(4)}  ${found.what.slice(0, WHAT_LENGTH_MAX)}`;
    })
    .join('\n');
}
