import { createHash } from 'node:crypto';
import { describeRefusal, type Refusal } from '../ask-api.ts';

/**
 * What became of a row. `unchanged`: it was there already. `different`: both systems have it, and they do not agree;
 * nothing was overwritten. `failed`: it could not be imported. `expired`: its hold is over, in the old system as well.
 */
export type Outcome =
  | { readonly became: 'imported' | 'unchanged' | 'expired' }
  | { readonly became: 'different' | 'failed'; readonly reason: string };

export const OUTCOMES = ['imported', 'unchanged', 'expired', 'different', 'failed'] as const;
export type Became = (typeof OUTCOMES)[number];

export const failed = (refusal: Refusal): Outcome => ({
  became: 'failed',
  reason: describeRefusal(refusal),
});

const KEY_DIGITS = 32;

/**
 * The idempotency key of a step of a row. It is made of what the row is about and of nothing else: the same file again,
 * or a corrected one, meets what the first one did.
 */
export function keyOf(kind: string, identity: readonly string[], step: string): string {
  const digits = createHash('sha256')
    .update(JSON.stringify([kind, ...identity]))
    .digest('hex');
  return `import-${digits.slice(0, KEY_DIGITS)}.${step}`;
}
