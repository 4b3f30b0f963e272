/** Hands over what is told of changes, and keeps what nobody takes for the sweep. */
import type { Channel } from '../domain/unsent.ts';
import { CHANNELS, type Sent, sendInOrder, sendingBy } from './channels.ts';
import { keepUnsent } from './keep-unsent.ts';
import type { MessagesOfChange } from './messages-of.ts';
import type { Dependencies, Outlets } from './ports.ts';

export interface SentCounts {
  readonly sent: Readonly<Record<Channel, number>>;
  /** Messages that nobody took, and that the sweep will send. */
  readonly kept: Readonly<Record<Channel, number>>;
}

export interface HandedOver extends SentCounts {
  /** Changes whose messages were neither taken nor kept, by index, and why. */
  readonly lost: ReadonlyMap<number, unknown>;
}

interface ChannelOutcome {
  readonly sent: number;
  readonly kept: number;
  /** By the ids of the messages. */
  readonly lost: ReadonlyMap<string, unknown>;
}

async function handOverBy<Name extends Channel>(
  deps: Dependencies & { readonly outlets: Outlets },
  channel: Name,
  messages: readonly Sent[Name][],
): Promise<ChannelOutcome> {
  // A record may be in a batch twice.
  const distinct = [...new Map(messages.map((message) => [message.id, message])).values()];
  const left = await sendInOrder<Name>(sendingBy(deps.outlets, channel), distinct);
  const lost = await keepUnsent(deps, channel, left);
  return { sent: distinct.length - left.length, kept: left.length - lost.size, lost };
}

/** @param messages what is told of each change, by its index. */
export async function handOver(
  deps: Dependencies & { readonly outlets: Outlets },
  messages: ReadonlyMap<number, MessagesOfChange>,
): Promise<HandedOver> {
  const outcomes = await Promise.all(
    CHANNELS.map(async (channel) => {
      const all = [...messages.values()].flatMap((of): readonly Sent[Channel][] => of[channel]);
      return [channel, await handOverBy(deps, channel, all)] as const;
    }),
  );
  const of = Object.fromEntries(outcomes) as Readonly<Record<Channel, ChannelOutcome>>;
  const lost = new Map<number, unknown>();
  for (const [channel, outcome] of outcomes) {
    for (const [index, told] of messages) {
      const error = told[channel].map(({ id }) => outcome.lost.get(id)).find((found) => found !== undefined);
      if (error !== undefined && !lost.has(index)) lost.set(index, error);
    }
  }
  return {
    sent: { events: of.events.sent, orders: of.orders.sent, log: of.log.sent },
    kept: { events: of.events.kept, orders: of.orders.kept, log: of.log.kept },
    lost,
  };
}

type WithOutlets = Dependencies & { readonly outlets: Outlets };

/** Whose events are kept if nobody takes them: an event is then left only when it cannot be kept either. */
export const keepingEvents = <Given extends WithOutlets>(deps: Given): Given => ({
  ...deps,
  outlets: {
    ...deps.outlets,
    events: {
      send: async (events) => {
        const left = await deps.outlets.events.send(events);
        const lost = await keepUnsent(
          deps,
          'events',
          events.filter(({ id }) => left.has(id)),
        );
        return new Set(lost.keys());
      },
    },
  },
});
