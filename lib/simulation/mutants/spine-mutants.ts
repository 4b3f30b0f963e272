/** Mistakes with what leaves a region behind a commit, with queued orders and with the read model. */
import { acceptOrder } from '../../application/accept-order.ts';
import type { Dependencies, OrderMessage, Outlet, Outlets, ReadModel } from '../../application/ports.ts';
import { recordOrder } from '../../application/record-order.ts';
import { pendingConfirmation } from '../../domain/confirmations.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { parseReservationId } from '../../domain/identifiers.ts';
import type { Rollup } from '../../domain/rollup.ts';
import { committedUnits } from '../../domain/stock-view.ts';
import type { Mutant } from '../cluster/mutant.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import { rewriting, rewritingEach, withMethods, withoutConditions } from './decorate.ts';

const NONE: ReadonlySet<string> = new Set();

type Deps = SimulatedDependencies;

/** Outlets that say that everything was taken. */
function believed(outlets: Outlets): Outlets {
  const believe = <Sent extends OrderMessage | DomainEvent>(outlet: {
    send(m: readonly Sent[]): Promise<unknown>;
  }) => ({
    send: async (messages: readonly Sent[]) => {
      await outlet.send(messages);
      return NONE;
    },
  });
  return { ...outlets, events: believe(outlets.events), orders: believe(outlets.orders) };
}

/** Events are changed before they are handed over. */
const changingEvents = (deps: Deps, change: (event: DomainEvent) => DomainEvent): Deps => {
  const events: Outlet<DomainEvent> = {
    send: async (sent) => {
      const changed = new Map(sent.map((event) => [change(event), event.id]));
      const left = await deps.outlets.events.send([...changed.keys()]);
      return new Set([...changed].flatMap(([{ id }, before]) => (left.has(id) ? [before] : [])));
    },
  };
  return { ...deps, outlets: { ...deps.outlets, events } };
};

type StoredChange = (rollup: Rollup, deps: Deps) => Rollup | Promise<Rollup>;

/** A read model that stores something else than it is told. */
const storing = (deps: Deps, change: StoredChange): Deps => {
  const { readModel } = deps;
  const changed: ReadModel = {
    get: (key, consistency) => readModel.get(key, consistency),
    getMany: (keys) => readModel.getMany(keys),
    watermark: () => readModel.watermark(),
    setWatermark: (watermark) => readModel.setWatermark(watermark),
    put: async (rollup) => readModel.put(await change(rollup, deps)),
  };
  return { ...deps, readModel: changed };
};

/** The reservation that a message names. */
async function named(deps: Dependencies, { tenantId, reservationId }: Omit<OrderMessage, 'id'>) {
  const parts = parseReservationId(reservationId);
  if (parts === undefined) return undefined;
  const { keyHash, region } = parts;
  return deps.store.get('reservation', { tenantId, keyHash, region }, 'strong');
}

/** What somebody stores who adds up what changes tell instead of asking what is so. */
async function summed(rollup: Rollup, { readModel }: Deps): Promise<Rollup> {
  const known = await readModel.get(rollup, 'strong');
  if (known === undefined) return rollup;
  const units = new Map(known.committed.map((entry) => [entry.locationId, entry.units]));
  const fresh = rollup.recent.filter((seen) => !known.recent.some((old) => old.id === seen.id));
  for (const { locationId, units: more } of fresh.flatMap(({ committed }) => committed)) {
    units.set(locationId, (units.get(locationId) ?? 0) + more);
  }
  return { ...rollup, committed: [...units].map(([locationId, count]) => ({ locationId, units: count })) };
}

/** Who has confirmed units, by an index that is late. */
async function byIndex(rollup: Rollup, { store }: Deps): Promise<Rollup> {
  const { tenantId, sku } = rollup;
  const claims = [
    ...(await store.claimsSeenAmong(tenantId)),
    ...(await store.claimsSeenAlone(tenantId, sku)),
  ];
  return { ...rollup, committed: committedUnits(claims, sku) };
}

const MESSAGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'unsent-not-kept',
    mistake: 'What nobody took is not kept, and so never sent again.',
    store: (store) => rewriting(store, (writes) => writes.filter(({ entity }) => entity !== 'unsent')),
  },
  {
    name: 'unsent-forgotten',
    mistake: 'The sweep does not look for messages that nobody took.',
    store: (store) =>
      withMethods(store, { dueWork: async (nowMs) => ({ ...(await store.dueWork(nowMs)), unsent: [] }) }),
  },
  {
    name: 'outlet-believed',
    mistake: 'Messages count as taken, whatever the bus or the queue answers.',
    dependencies: (deps) => ({ ...deps, outlets: believed(deps.outlets) }),
  },
  {
    name: 'event-id-at-random',
    mistake: 'An event that is sent again has another id.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, id: `evt.${deps.random.hex(32)}` })),
  },
  {
    name: 'event-time-of-sending',
    mistake: 'An event says when it was sent, not when it happened.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, occurredAtMs: deps.clock.now() })),
  },
  {
    name: 'sequence-not-rising',
    mistake: 'Every event of a subject has the same sequence.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, sequence: 1 })),
  },
  {
    name: 'batch-said-done',
    mistake: 'The consumer of a stream says that all is done, though some changes could not be completed.',
    failedRecords: () => [],
  },
  {
    name: 'goes-on-behind-a-failure',
    mistake: 'The consumer of a stream goes on behind the first change that could not be completed.',
    failedRecords: (failed) => failed.slice(1),
  },
];

const ORDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'worker-deletes-failures',
    mistake: 'The worker of the order queue deletes messages that it could not handle.',
    failedMessages: () => NONE,
  },
  {
    name: 'judged-as-when-queued',
    mistake:
      'A queued confirmation is judged by the time at which it was queued, so it is made after the expiry.',
    acceptOrder: async (deps, task) => {
      const found = await named(deps, task);
      const queuedAtMs = found && pendingConfirmation(found)?.queued.entry.atMs;
      const { clock } = deps;
      const now = queuedAtMs === undefined ? () => clock.now() : () => queuedAtMs;
      return acceptOrder(
        { ...deps, clock: { now, sleep: (milliseconds) => clock.sleep(milliseconds) } },
        task,
      );
    },
  },
  {
    name: 'refusal-not-recorded',
    mistake: 'The refusal of a queued confirmation is written without the record of its order.',
    store: (store) =>
      rewriting(store, (writes) =>
        writes.length > 1 ? writes.filter(({ entity }) => entity !== 'order') : writes,
      ),
  },
  {
    name: 'order-by-message',
    mistake: 'An order is accepted because a message came, whatever became of its reservation.',
    acceptOrder: async (deps, task) => {
      const reservation = await named(deps, task);
      if (reservation === undefined) return [];
      const { orderId = task.reservationId } = reservation;
      const verdict = {
        status: 'accepted',
        by: 'confirm',
        atMs: deps.clock.now(),
        version: task.version,
      } as const;
      const order = await recordOrder(deps, { reservation, orderId, verdict });
      return order === undefined ? [] : [order];
    },
  },
  {
    name: 'order-overwrites',
    mistake: 'The record of an order is written each time a message comes.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'order' ? withoutConditions(write, () => true) : write,
      ),
  },
  {
    name: 'orders-not-compared',
    mistake: 'Nobody looks whether another reservation was confirmed under the same order id.',
    store: (store) => withMethods(store, { ordersUnder: async () => [] }),
  },
];

const READ_MODEL_MUTANTS: readonly Mutant[] = [
  {
    name: 'rollup-without-version',
    mistake: 'A rollup is stored whatever it has become since it was read.',
    dependencies: (deps) =>
      storing(deps, async (rollup) => {
        const known = await deps.readModel.get(rollup, 'strong');
        return { ...rollup, version: (known?.version ?? 0) + 1 };
      }),
  },
  {
    name: 'rollup-sums-changes',
    mistake: 'Confirmed units are added up from what changes tell.',
    dependencies: (deps) => storing(deps, summed),
  },
  {
    name: 'rollup-by-index-alone',
    mistake: 'A rollup believes the index of open reservations, which does not show the last changes yet.',
    dependencies: (deps) => storing(deps, byIndex),
  },
  {
    name: 'level-told-once',
    mistake: 'Events of a level are not kept with it: whoever dies between storing and sending tells nobody.',
    dependencies: (deps) => storing(deps, (rollup) => ({ ...rollup, unsentEvents: [] })),
  },
];

export const SPINE_MUTANTS: readonly Mutant[] = [...MESSAGE_MUTANTS, ...ORDER_MUTANTS, ...READ_MODEL_MUTANTS];
