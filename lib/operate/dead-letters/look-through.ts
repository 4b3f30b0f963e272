import type { Clock } from '../../application/ports.ts';
import type { DeadLetterQueue } from './find-queues.ts';
import type { ReceivedMessage } from './queue-port.ts';

/** A message that is looked at is hidden for so long; whoever is killed meanwhile leaves it hidden no longer. */
const HIDDEN_SECONDS = 60;
/** Before the oldest receipt runs out the look ends, so that what was hidden can still be shown again. */
const LOOK_MAX_MS = 45_000;
/** One answer may be empty although there are messages, because not all servers of the queue were asked. */
const EMPTY_ANSWERS_MAX = 2;

/**
 * Goes through the messages of a queue in batches, each message once. It stays hidden until it is released, removed, or its time
 * is over. Ends at the end of the queue, when the caller stops, or when the first messages are about to be shown again.
 */
export async function* lookThrough(
  { queue, port }: DeadLetterQueue,
  clock: Pick<Clock, 'now'>,
): AsyncGenerator<readonly ReceivedMessage[]> {
  const seen = new Set<string>();
  const endMs = clock.now() + LOOK_MAX_MS;
  let empty = 0;
  while (empty < EMPTY_ANSWERS_MAX && clock.now() < endMs) {
    const messages = await port.receive(queue, HIDDEN_SECONDS);
    const fresh = messages.filter(({ id }) => !seen.has(id));
    empty = fresh.length === 0 ? empty + 1 : 0;
    for (const message of fresh) seen.add(message.id);
    if (fresh.length > 0) yield fresh;
  }
}
