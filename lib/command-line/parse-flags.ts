import * as z from 'zod';
import { UsageError } from './usage-error.ts';

/** A flag that takes a whole number from 1. */
export const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1, 'must be at least 1').max(max, `must be at most ${max}`));

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  /** @default false */
  readonly whole?: true;
}

/** A flag that takes a number, like 0.5. */
export const numberBetween = ({ min, max, whole }: NumberBounds) =>
  z
    .string()
    .regex(
      whole ? /^[0-9]{1,15}$/ : /^[0-9]{1,15}(\.[0-9]{1,9})?$/,
      whole ? 'must be a whole number' : 'must be a number, like 0.5',
    )
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

function readFlags(read: () => object): object {
  try {
    return read();
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new UsageError(`${reason} See --help.`);
  }
}

/**
 * Checks what a command line says.
 *
 * @param read splits the command line into flags, and throws for those it does not know.
 * @throws UsageError that names each flag that is wrong.
 */
export function parseFlags<Output>(schema: z.ZodType<Output>, read: () => object): Output {
  const parsed = schema.safeParse(readFlags(read));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`);
  throw new UsageError(`${problems.join('; ')}. See --help.`);
}
