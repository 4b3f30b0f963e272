import { OUTCOME_PROBLEMS } from './outcome-problems.ts';
import { REQUEST_PROBLEMS } from './request-problems.ts';

/**
 * Every error code of the API, in order of precedence: when several apply to a request, the first is the
 * answer. `docs/errors.md` lists the same codes in the same order, for people.
 */
export const PROBLEMS = { ...REQUEST_PROBLEMS, ...OUTCOME_PROBLEMS };

export type ProblemCode = keyof typeof PROBLEMS;

/** Every code, in order of precedence. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
