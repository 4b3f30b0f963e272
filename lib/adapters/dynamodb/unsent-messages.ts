/** Reads what was kept because nobody took it: whatever is stored is parsed, and believed nowhere else. */
import * as z from 'zod';
import type { Sent } from '../../application/channels.ts';
import type { LogEntry, OrderMessage } from '../../application/ports.ts';
import type { MessageReader } from '../../application/send-unsent.ts';
import { shownFaults } from '../../application/shown-faults.ts';
import type { Channel } from '../../domain/unsent.ts';
import { domainEvent } from './event-schema.ts';
import { RECORD_SCHEMAS } from './record-schemas.ts';
import { id, loose, time, version } from './schema-parts.ts';

const orderMessage = loose<OrderMessage>()({
  id,
  tenantId: id,
  reservationId: id,
  version,
  requestId: id.exactOptional(),
});

type EntryOf<Kind extends LogEntry['kind']> = Extract<LogEntry, { kind: Kind }>;

const logEntry = z.discriminatedUnion('kind', [
  loose<EntryOf<'movement'>>()({
    kind: z.literal('movement'),
    id,
    tenantId: id,
    region: id,
    atMs: time,
    movement: RECORD_SCHEMAS.movement,
  }),
  loose<EntryOf<'reservation'>>()({
    kind: z.literal('reservation'),
    id,
    tenantId: id,
    region: id,
    atMs: time,
    reservationId: id,
    version,
    reservation: RECORD_SCHEMAS.reservation,
  }),
]);

const SCHEMAS: { readonly [Name in Channel]: z.ZodType<Sent[Name]> } = {
  events: domainEvent,
  orders: orderMessage,
  log: logEntry,
};

/** A message that was kept by a bug. Says what is wrong with it, and nothing of what is in it. */
class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own error quotes the message.
    throw new UnreadableMessageError('A message that was kept is not JSON');
  }
}

/** Reads kept messages by the schema of their channel. @throws UnreadableMessageError. */
export const unsentMessages: MessageReader = {
  read: (channel, json) => {
    const parsed = SCHEMAS[channel].safeParse(parseJson(json));
    if (parsed.success) return parsed.data;
    throw new UnreadableMessageError(
      `A message that was kept does not fit: ${shownFaults(parsed.error.issues)}`,
    );
  },
};
