/** The channels that messages leave through, and what is in order within each. */
import type { DomainEvent } from '../domain/event.ts';
import type { Channel } from '../domain/unsent.ts';
import type { LogEntry, OrderMessage, Outlet, Outlets } from './ports.ts';

/** What leaves through each channel. */
export interface Sent {
  readonly events: DomainEvent;
  readonly orders: OrderMessage;
  readonly log: LogEntry;
}

/** All of them. They are served side by side: one that is down keeps no other waiting. */
export const CHANNELS = ['orders', 'events', 'log'] as const satisfies readonly Channel[];

/** Messages of one subject are handed over in the order in which they were made. */
const SUBJECT_OF: { readonly [Name in Channel]: (message: Sent[Name]) => string } = {
  events: ({ tenantId, subject }) => `${tenantId}/${subject}`,
  orders: ({ tenantId, reservationId }) => `${tenantId}/${reservationId}`,
  // An entry of the log stands for itself.
  log: ({ id }) => id,
};

/** What can be sent by an outlet whose messages have subjects. */
export interface Sending<Name extends Channel> {
  readonly outlet: Outlet<Sent[Name]>;
  readonly subjectOf: (message: Sent[Name]) => string;
}

export const sendingBy = <Name extends Channel>(outlets: Outlets, channel: Name): Sending<Name> => ({
  // TypeScript does not follow one name through two mapped types.
  outlet: outlets[channel] as unknown as Outlet<Sent[Name]>,
  subjectOf: SUBJECT_OF[channel] as (message: Sent[Name]) => string,
});

/** Turns: in each there is one message of a subject at most. */
function turnsOf<Name extends Channel>(
  messages: readonly Sent[Name][],
  subjectOf: Sending<Name>['subjectOf'],
): Sent[Name][][] {
  const turns: Sent[Name][][] = [];
  const seen = new Map<string, number>();
  for (const message of messages) {
    const subject = subjectOf(message);
    const turn = seen.get(subject) ?? 0;
    seen.set(subject, turn + 1);
    const mates = turns[turn] ?? [];
    mates.push(message);
    turns[turn] = mates;
  }
  return turns;
}

/**
 * Hands messages over, those of one subject one after the other: what stands behind one that was not taken is not sent.
 * So when nothing is taken at all, no more is tried.
 *
 * @returns the messages that were not taken, in their order.
 */
export async function sendInOrder<Name extends Channel>(
  { outlet, subjectOf }: Sending<Name>,
  messages: readonly Sent[Name][],
): Promise<readonly Sent[Name][]> {
  const stuck = new Set<string>();
  const taken = new Set<string>();
  for (const turn of turnsOf<Name>(messages, subjectOf)) {
    const free = turn.filter((message) => !stuck.has(subjectOf(message)));
    if (free.length === 0) continue;
    const refused = await outlet.send(free);
    for (const message of free) {
      if (refused.has(message.id)) stuck.add(subjectOf(message));
      else taken.add(message.id);
    }
  }
  return messages.filter(({ id }) => !taken.has(id));
}
