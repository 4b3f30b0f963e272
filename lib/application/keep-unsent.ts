import { ABSENT } from '../domain/guarded-write.ts';
import type { Channel, Unsent } from '../domain/unsent.ts';
import { ChangeContendedError } from './complete-change.ts';
import { type Dependencies, type Message, StoreUnavailableError } from './ports.ts';

/** Until what nobody took is sent again for the first time. */
export const FIRST_WAIT_MS = 5_000;

/** Records stored side by side: enough to store a batch in a second, and few for a database that has trouble. */
const STORED_AT_ONCE = 10;

async function keepOne(deps: Dependencies, record: Unsent): Promise<unknown> {
  try {
    const { region, channel, id } = record;
    const commit = await deps.store.commit([
      {
        entity: 'unsent',
        key: { region, channel, id },
        conditions: [ABSENT],
        effect: { does: 'put', record },
      },
    ]);
    // Refused: it is kept already, because the stream has shown the change before.
    return commit.outcome === 'contended' ? new ChangeContendedError(`Others are keeping ${id}`) : undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Keeps messages that nobody took; the sweep sends them.
 *
 * @returns those that could not be kept either, by id, and why.
 */
export async function keepUnsent(
  deps: Dependencies,
  channel: Channel,
  messages: readonly Message[],
): Promise<ReadonlyMap<string, unknown>> {
  const nowMs = deps.clock.now();
  const lost = new Map<string, unknown>();
  let outage: unknown;
  for (let start = 0; start < messages.length; start += STORED_AT_ONCE) {
    const group = messages.slice(start, start + STORED_AT_ONCE);
    const errors = await Promise.all(
      group.map((message) => {
        if (outage !== undefined) return outage;
        return keepOne(deps, {
          region: deps.region,
          channel,
          id: message.id,
          message: JSON.stringify(message),
          attempts: 1,
          createdAtMs: nowMs,
          dueAtMs: nowMs + FIRST_WAIT_MS,
        });
      }),
    );
    for (const [index, { id }] of group.entries()) {
      const error = errors[index];
      if (error !== undefined) lost.set(id, error);
      // A database that is away is not asked a hundred times.
      if (error instanceof StoreUnavailableError) outage = error;
    }
  }
  return lost;
}
