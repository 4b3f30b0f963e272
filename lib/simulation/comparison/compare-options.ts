import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';

/** Enough for a popular sku to be restocked, and for the demand to move. */
const HOURS_DEFAULT = 0.5;
/** Some ten minutes of machine time an hour; beyond a day memory is what ends it. */
const HOURS_MAX = 24;

export const COMPARE_USAGE = `Compares three ways to sell one stock from three regions, in virtual time: escrow (what this service does), one
home region, and multi-Region strong consistency. The same options give the same figures.

  npm run compare -- [options]

  --seed N     decides who asks for what, when and where (1)
  --hours H    hours of virtual time under the usual demand, like 0.5 (${HOURS_DEFAULT})
  --json       the result as one line of JSON on stdout
  --help
`;

const schema = z.strictObject({
  seed: wholeNumber(Number.MAX_SAFE_INTEGER).default(1),
  hours: z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)?$/, 'must be a number, like 0.5')
    .transform(Number)
    .pipe(z.number().positive('must be above 0').max(HOURS_MAX, `must be at most ${HOURS_MAX}`))
    .default(HOURS_DEFAULT),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type CompareOptions = z.infer<typeof schema>;

const FLAGS = {
  seed: { type: 'string' },
  hours: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of the comparison.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseCompareOptions(argv: readonly string[]): CompareOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
