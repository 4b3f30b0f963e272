import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { MUTANTS } from '../mutants/mutants.ts';
import { FAULT_KINDS, type FaultKind } from '../nemesis-plan.ts';

/** As many as a night takes. */
const SEEDS_MAX = 10_000_000;
const SEEDS_DEFAULT = 100;
/** The name that stands for each of the mistakes. */
export const ALL_MUTANTS = 'all';

export const SIMULATE_USAGE = `Runs the real use cases in three simulated regions while everything goes wrong, and checks that no unit is ever
promised twice or lost. One seed is one run: the same seed does the same again.

  npm run simulate -- [options]

  --seeds N          runs (${SEEDS_DEFAULT})
  --first-seed K     the first of them (1)
  --hours H          simulated hours of each, such as 0.5 (1)
  --seed K           this run only; with --trace, as a history to read
  --trace
  --without A,B      leave out kinds of faults: ${FAULT_KINDS.join(', ')}
  --traffic F        that part of the shoppers only, such as 0.25
  --mutant NAME      with a mistake in the protocol, which must be found; "all": with each by itself
  --list-mutants
  --help
`;

const positive = z.string().transform(Number).pipe(z.number().positive('must be above zero'));

const schema = z.strictObject({
  seeds: wholeNumber(SEEDS_MAX).default(SEEDS_DEFAULT),
  'first-seed': wholeNumber(SEEDS_MAX).default(1),
  hours: positive.default(1),
  seed: wholeNumber(SEEDS_MAX).optional(),
  trace: z.boolean().default(false),
  without: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(FAULT_KINDS)))
    .default([] as FaultKind[]),
  traffic: positive.optional(),
  mutant: z.enum([ALL_MUTANTS, ...MUTANTS.map(({ name }) => name)]).optional(),
  'list-mutants': z.boolean().default(false),
  help: z.boolean().default(false),
});

export type SimulateOptions = z.infer<typeof schema>;

const FLAGS = {
  seeds: { type: 'string' },
  'first-seed': { type: 'string' },
  hours: { type: 'string' },
  seed: { type: 'string' },
  trace: { type: 'boolean' },
  without: { type: 'string' },
  traffic: { type: 'string' },
  mutant: { type: 'string' },
  'list-mutants': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of the simulator.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseSimulateOptions(argv: readonly string[]): SimulateOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
