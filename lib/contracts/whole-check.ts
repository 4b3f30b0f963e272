import type * as z from 'zod';

/** Reports a failing path of the value under check. */
export type Report = (path: readonly (string | number)[], message: string) => void;

/**
 * Adds a check that looks at a value as a whole, and runs it also when parts of the value failed: an answer
 * names every failing path, not the first kind of them. The check therefore sees unparsed parts.
 */
export function withWholeCheck<Schema extends z.ZodType>(
  schema: Schema,
  check: (value: unknown, report: Report) => void,
): Schema {
  return schema.superRefine(
    (value, context) => {
      check(value, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }));
    },
    { when: () => true },
  ) as Schema;
}

/** The fields of an object, or none: for checks that see unparsed values. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
