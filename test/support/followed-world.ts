/** A world whose changes are gathered as a stream would show them, and events as a bus would get them. */
import { followStock } from '../../lib/application/follow-stock.ts';
import type { RecordChange } from '../../lib/application/ports.ts';
import type { DomainEvent } from '../../lib/domain/event.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../lib/simulation/memory-store.ts';
import type { Change } from '../../lib/simulation/memory-table.ts';
import { createWorld, REGION, type World } from './world.ts';

/** What the stream shows, in order, with the partition that decides its order. */
export interface Shown {
  readonly partition: string;
  readonly change: RecordChange;
}

const asRecordChange = ({ entity, before, after }: Change): RecordChange =>
  ({
    entity,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }) as RecordChange;

export function createFollowedWorld(timing: Pick<MemoryStoreOptions, 'indexLagMs'> = {}, seed = 1) {
  const state: { world?: World } = {};
  const memory = new MemoryStore(REGION, { ...timing, now: () => state.world?.clock.now() ?? 0 });
  const world = createWorld({ seed, wrap: () => memory });
  state.world = world;
  const stream: Shown[] = [];
  memory.onChange((changes) => {
    stream.push(...changes.map((change) => ({ partition: change.place.pk, change: asRecordChange(change) })));
  });
  const events: DomainEvent[] = [];
  const bus = { isDown: false };
  const events$ = {
    send: async (sent: readonly DomainEvent[]): Promise<ReadonlySet<string>> => {
      if (bus.isDown) return new Set(sent.map(({ id }) => id));
      events.push(...sent);
      return new Set();
    },
  };
  const nowhere = { send: async () => new Set<string>() };
  const deps = { ...world, outlets: { events: events$, orders: nowhere, log: nowhere } };
  return {
    world,
    deps,
    memory,
    stream,
    events,
    bus,
    /** Follows all that the stream has shown since the last time. */
    follow: () =>
      followStock(
        deps,
        stream.splice(0).map(({ change }) => change),
      ),
  };
}
