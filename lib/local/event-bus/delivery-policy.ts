import type { RuleTarget } from '../template/event-rules.ts';

/** EventBridge waits longer; whoever tries something here waits for it. Each failure doubles it. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** Lambda waits this long before it tries a failed event again, and twice as long the next time. */
const FUNCTION_RETRY_MS = 60_000;
/** Lambda keeps an event that nobody waits for this long. */
const FUNCTION_MAX_AGE_MS = 21_600_000;

/** How often and when a delivery is tried again. */
export interface DeliveryPolicy {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  /** Wait before the next attempt, after so many that failed. */
  readonly delayMs: (failures: number) => number;
  /** `undefined`: what cannot be delivered is lost. */
  readonly deadLetterArn: string | undefined;
}

function backoffMs(failures: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10), MAX_RETRY_MS);
  return longest * (0.5 + Math.random() / 2);
}

/**
 * A queue gets what it refuses again as the target's policy says, sooner than in AWS. A function takes every event
 * from EventBridge at once: that it fails is Lambda's business, with Lambda's retries, and never reaches the
 * dead-letter queue of the target.
 */
export function policyOf({ receiver, maxRetries, maxAgeMs, deadLetterArn }: RuleTarget): DeliveryPolicy {
  if (receiver.kind === 'queue') return { maxRetries, maxAgeMs, delayMs: backoffMs, deadLetterArn };
  return {
    maxRetries: receiver.function.asyncRetries,
    maxAgeMs: FUNCTION_MAX_AGE_MS,
    delayMs: (failures) => FUNCTION_RETRY_MS * failures,
    deadLetterArn: undefined,
  };
}
