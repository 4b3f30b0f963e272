import type { Mutant } from '../cluster/mutant.ts';
import { GRANT_MUTANTS } from './grant-mutants.ts';
import { RESERVATION_MUTANTS } from './reservation-mutants.ts';
import { SPINE_MUTANTS } from './spine-mutants.ts';
import { STOCK_MUTANTS } from './stock-mutants.ts';

/** Every mistake that the simulator must find. */
export const MUTANTS: readonly Mutant[] = [
  ...GRANT_MUTANTS,
  ...RESERVATION_MUTANTS,
  ...STOCK_MUTANTS,
  ...SPINE_MUTANTS,
];

export const findMutant = (name: string): Mutant | undefined =>
  MUTANTS.find((mutant) => mutant.name === name);
