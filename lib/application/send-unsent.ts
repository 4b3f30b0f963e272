/** Sends what nobody took: kept in the table, tried again and again, and deleted when it was taken. */
import type { Channel, Unsent } from '../domain/unsent.ts';
import { CHANNELS, type Sent, sendInOrder, sendingBy } from './channels.ts';
import { FIRST_WAIT_MS } from './keep-unsent.ts';
import type { Dependencies, Outlets } from './ports.ts';

/** Reads messages that were kept as JSON. */
export interface MessageReader {
  /** @throws an Error for what is no message of the channel. */
  read<Name extends Channel>(channel: Name, json: string): Sent[Name];
}

export interface SendingDependencies extends Dependencies {
  readonly outlets: Outlets;
  readonly messages: MessageReader;
}

/** What became of messages that were due to be sent again. */
export interface Resent {
  readonly sent: number;
  /** Not taken this time either. */
  readonly stuck: number;
}

/** An outage of an hour is heard of within a quarter of one after its end, and costs a few tries a message. */
const WAIT_MAX_MS = 15 * 60_000;

/** Messages tried at once: as many as are lost time when an outlet takes nothing. */
const TRIED_AT_ONCE = 20;

/** Beyond this many doublings any wait is the longest one. */
const DOUBLINGS_MAX = 20;

/** How long a message waits after so many attempts. Nobody hammers an outlet that is down, and nobody gives up. */
const waitAfterMs = (attempts: number): number =>
  Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, DOUBLINGS_MAX));

/** Still as it was read: another sweep may have sent it meanwhile. */
const unchanged = ({ attempts }: Unsent) => ({ is: 'equal', field: 'attempts', value: attempts }) as const;

const keyOf = ({ region, channel, id }: Unsent) => ({ region, channel, id });

async function forget(deps: Dependencies, record: Unsent): Promise<void> {
  await deps.store.commit([
    { entity: 'unsent', key: keyOf(record), conditions: [unchanged(record)], effect: { does: 'delete' } },
  ]);
}

async function postpone(deps: Dependencies, record: Unsent): Promise<void> {
  const attempts = record.attempts + 1;
  const dueAtMs = deps.clock.now() + waitAfterMs(attempts);
  await deps.store.commit([
    {
      entity: 'unsent',
      key: keyOf(record),
      conditions: [unchanged(record)],
      effect: { does: 'put', record: { ...record, attempts, dueAtMs } },
    },
  ]);
}

/** The message of a record; `undefined` for one that a bug wrote, which waits until somebody has mended that. */
function messageOf<Name extends Channel>(
  { messages }: SendingDependencies,
  { channel, message }: Unsent & { readonly channel: Name },
): Sent[Name][] {
  try {
    return [messages.read(channel, message)];
  } catch {
    return [];
  }
}

async function sendGroup<Name extends Channel>(
  deps: SendingDependencies,
  channel: Name,
  group: readonly Unsent[],
): Promise<Resent> {
  const messages = group.flatMap((record) => messageOf(deps, { ...record, channel }));
  const left = await sendInOrder<Name>(sendingBy(deps.outlets, channel), messages);
  const readable = new Set(messages.map(({ id }) => id));
  const stuck = new Set(left.map(({ id }) => id));
  const isSent = ({ id }: Unsent) => readable.has(id) && !stuck.has(id);
  await Promise.all(group.map((record) => (isSent(record) ? forget : postpone)(deps, record)));
  const sent = group.filter(isSent).length;
  return { sent, stuck: group.length - sent };
}

async function sendChannel(
  deps: SendingDependencies,
  channel: Channel,
  records: readonly Unsent[],
): Promise<Resent> {
  let sent = 0;
  for (let start = 0; start < records.length; start += TRIED_AT_ONCE) {
    const group = await sendGroup(deps, channel, records.slice(start, start + TRIED_AT_ONCE));
    sent += group.sent;
    // The outlet is down: the rest stays due for the next look.
    if (group.sent === 0) return { sent, stuck: records.length - sent };
  }
  return { sent, stuck: records.length - sent };
}

/** Sends messages that are due, the oldest first. Each channel has its own outage. */
export async function sendUnsent(deps: SendingDependencies, due: readonly Unsent[]): Promise<Resent> {
  const oldestFirst = due.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const outcomes = await Promise.all(
    CHANNELS.map((channel) =>
      sendChannel(
        deps,
        channel,
        oldestFirst.filter((record) => record.channel === channel),
      ),
    ),
  );
  return {
    sent: outcomes.reduce((sum, { sent }) => sum + sent, 0),
    stuck: outcomes.reduce((sum, { stuck }) => sum + stuck, 0),
  };
}
