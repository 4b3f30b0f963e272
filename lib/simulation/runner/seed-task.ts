import { findMutant } from '../mutants/mutants.ts';
import type { FaultKind } from '../nemesis-plan.ts';
import { runSeed, type SeedOptions, type SeedReport } from './run-seed.ts';

/** A run, as it is sent to a worker: plain data. */
export interface SeedTask extends Omit<SeedOptions, 'mutant' | 'without'> {
  readonly mutant?: string | undefined;
  readonly without: readonly FaultKind[];
}

/** The run that a task describes. */
export function optionsOf({ mutant, ...task }: SeedTask): SeedOptions {
  return mutant === undefined ? task : { ...task, mutant: findMutant(mutant) };
}

export const runTask = (task: SeedTask): Promise<SeedReport> => runSeed(optionsOf(task));
