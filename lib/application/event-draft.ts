import type { DomainEvent, EventType } from '../domain/event.ts';
import type { Digest } from './ports.ts';

/** Digits of an id: as many as a UUID has. */
const ID_DIGITS = 32;

/** An event that has no id yet. */
export type EventDraft = {
  readonly [Type in EventType]: Omit<Extract<DomainEvent, { type: Type }>, 'id'>;
}[EventType];

/**
 * Gives an event its id: it names what happened, so it is the same whenever, and by whichever region, the event is made.
 *
 * @param parts tell events apart that have type, subject and sequence in common.
 */
export function identified(digest: Digest, draft: EventDraft, ...parts: readonly string[]): DomainEvent {
  const { tenantId, type, subject, sequence } = draft;
  const id = `evt.${digest.hex(ID_DIGITS, 'event', tenantId, type, subject, String(sequence), ...parts)}`;
  return { ...draft, id } as DomainEvent;
}
