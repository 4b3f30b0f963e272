import type * as z from 'zod';
import { ERROR_PATH_MAX, ERRORS_MAX } from '../../lib/contracts/limits.ts';
import type { Failure } from '../../lib/contracts/problem-document.ts';

type Issue = z.core.$ZodIssue;

/** Name of the body as a whole, in the path of a failure that is nowhere within it. */
const WHOLE = 'body';

const pathOf = (segments: readonly PropertyKey[]): string => segments.map(String).join('.') || WHOLE;

function describe(issue: Issue): Failure[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathOf([...issue.path, key]),
        message: 'is not a known field',
      }));
    case 'invalid_key':
      return [
        { path: pathOf(issue.path), message: `its key ${issue.issues[0]?.message ?? 'is not allowed'}` },
      ];
    case 'invalid_type':
      if (issue.expected === 'object') return [{ path: pathOf(issue.path), message: 'must be an object' }];
      return [{ path: pathOf(issue.path), message: issue.message }];
    default:
      return [{ path: pathOf(issue.path), message: issue.message }];
  }
}

/** Every failing path that a schema found, with dots. */
export const failuresOf = (error: z.ZodError): Failure[] => error.issues.flatMap(describe);

/** Each path once, with the first thing that is wrong with it, and no more than one answer can carry. */
export function distinctFailures(failures: readonly Failure[]): Failure[] {
  const byPath = new Map<string, Failure>();
  for (const { path, message } of failures) {
    const cut = path.slice(0, ERROR_PATH_MAX);
    if (!byPath.has(cut)) byPath.set(cut, { path: cut, message });
  }
  return [...byPath.values()].slice(0, ERRORS_MAX);
}
