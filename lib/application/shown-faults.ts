/** What is wrong with a thing, told without anything that a caller wrote: it ends up in a log. */

/** Fields whose names are the caller's own, as their values are. */
const NAMED_BY_CALLERS = /(^|\.)(attributes|metadata)\..*$/;

/** A place in a thing, without the names that a caller gave. */
export const shownPath = (path: string): string => path.replace(NAMED_BY_CALLERS, '$1$2.*');

/** A fault as a schema finds it. Its message is left out: it may quote. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
}

/** Faults that are named; more say nothing new. */
const FAULTS_NAMED_MAX = 10;

/** The places of faults and what kind they are. */
export const shownFaults = (faults: readonly Fault[]): string =>
  faults
    .slice(0, FAULTS_NAMED_MAX)
    .map(({ path, code = 'custom' }) => `${shownPath(path.map(String).join('.')) || 'the whole'}: ${code}`)
    .join('; ');
