import type { Outcome } from '../environments/environment.ts';
import type { RuleTarget } from '../template/event-rules.ts';
import type { FunctionDefinition } from '../template/functions.ts';
import type { BusEvent } from './bus-event.ts';
import type { QueueSender } from './queue-sender.ts';

/** How an attempt to deliver an event ended. */
export type Attempt =
  | { readonly kind: 'delivered' }
  /** The receiver has not seen it; that is no failure. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      /** True: no further attempt can succeed. */
      readonly isPermanent: boolean;
    };

/** Whoever can be given an event. */
export interface Receivers {
  readonly invoke: (definition: FunctionDefinition, event: unknown) => Promise<Outcome>;
  readonly queues: QueueSender;
}

const GONE = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']);

const failed = (code: string, message: string, isPermanent = false): Attempt => ({
  kind: 'failed',
  code,
  message,
  isPermanent,
});

function ofOutcome(outcome: Outcome): Attempt {
  switch (outcome.kind) {
    case 'result':
      return { kind: 'delivered' };
    case 'throttled':
      return { kind: 'busy' };
    case 'failed':
      return failed('FUNCTION_ERROR', outcome.error.trace);
    case 'timedOut':
    case 'crashed':
      return failed(
        'FUNCTION_ERROR',
        `The function ${outcome.kind === 'timedOut' ? 'timed out' : 'crashed'}.`,
      );
  }
}

function ofRefusal(error: Error): Attempt {
  // What is not there will not be there the next time either: EventBridge does not try again.
  if (GONE.has(error.name)) return failed('NO_RESOURCE', error.message, true);
  // The SDK marks whatever a service has answered.
  return failed('$fault' in error ? 'ERROR_FROM_TARGET' : 'CONNECTION_FAILURE', error.message);
}

/** Tries once to give the event to the target. */
export async function attempt(
  { receiver, input }: RuleTarget,
  event: BusEvent,
  { invoke, queues }: Receivers,
): Promise<Attempt> {
  const given = input(event);
  if (receiver.kind === 'function') return ofOutcome(await invoke(receiver.function, given));
  try {
    await queues.send(receiver.queueArn, JSON.stringify(given));
    return { kind: 'delivered' };
  } catch (cause) {
    return ofRefusal(cause instanceof Error ? cause : new Error(String(cause)));
  }
}
