import type { BusEvent } from './bus-event.ts';
import type { QueueSender } from './queue-sender.ts';

/** Why a delivery is given up. */
export interface DeadLetterReason {
  readonly code: string;
  readonly message: string;
  /** `undefined`: further attempts made no sense. */
  readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

export interface DeadLetter {
  readonly event: BusEvent;
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly retries: number;
  readonly reason: DeadLetterReason;
}

/** A message attribute is a part of the message; a long trace says no more at its end. */
const MAX_MESSAGE_CHARACTERS = 1_000;

/**
 * Puts an event that cannot be delivered into a queue, with the attributes that EventBridge sets.
 *
 * @returns what was wrong when the queue does not take it.
 */
export async function sendDeadLetter(
  queues: QueueSender,
  queueArn: string,
  { event, ruleArn, targetArn, retries, reason }: DeadLetter,
): Promise<string | undefined> {
  const attributes = {
    RULE_ARN: ruleArn,
    TARGET_ARN: targetArn,
    ERROR_CODE: reason.code,
    ERROR_MESSAGE: reason.message.slice(0, MAX_MESSAGE_CHARACTERS),
    ...(reason.exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: reason.exhausted }),
    RETRY_ATTEMPTS: String(retries),
  };
  try {
    await queues.send(queueArn, JSON.stringify(event), attributes);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
