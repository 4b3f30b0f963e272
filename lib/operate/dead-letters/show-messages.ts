import type { Clock } from '../../application/ports.ts';
import { REASON_ATTRIBUTE } from '../../config/queues.ts';
import type { DeadLetterQueue } from './find-queues.ts';
import { lookThrough } from './look-through.ts';
import type { MessageAttribute, ReceivedMessage } from './queue-port.ts';

/** Where a message says why it is here: our own attribute, and that of the event bus. */
const REASONS = [REASON_ATTRIBUTE, 'ERROR_MESSAGE'];

export interface ShownMessage {
  readonly id: string;
  readonly queue: string;
  readonly region: string;
  readonly sentAt: string;
  readonly firstReceivedAt?: string;
  readonly receives: number;
  readonly reason?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

const shownValue = ({ text, bytes }: MessageAttribute): string =>
  text ?? Buffer.from(bytes ?? []).toString('base64');

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A poison message may be anything: it is shown as it is.
    return body;
  }
}

function shown({ queue }: DeadLetterQueue, message: ReceivedMessage): ShownMessage {
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).map(([name, attribute]) => [name, shownValue(attribute)]),
  );
  const reason = REASONS.map((name) => attributes[name]).find((value) => value !== undefined);
  const { firstReceivedAtMs } = message;
  return {
    id: message.id,
    queue: queue.name,
    region: queue.region,
    sentAt: new Date(message.sentAtMs).toISOString(),
    ...(firstReceivedAtMs !== undefined && { firstReceivedAt: new Date(firstReceivedAtMs).toISOString() }),
    receives: message.receives,
    ...(reason !== undefined && { reason }),
    attributes,
    body: parsed(message.body),
  };
}

/** Shows messages and leaves them where they are; meanwhile others do not see them. */
export async function showMessages(
  dead: DeadLetterQueue,
  max: number,
  clock: Pick<Clock, 'now'>,
): Promise<ShownMessage[]> {
  const received: ReceivedMessage[] = [];
  try {
    for await (const batch of lookThrough(dead, clock)) {
      received.push(...batch);
      if (received.length >= max) break;
    }
  } finally {
    await dead.port.release(dead.queue, received);
  }
  return received.slice(0, max).map((message) => shown(dead, message));
}
