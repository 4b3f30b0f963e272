/** Mistakes with what happens behind a commit: with messages, with queued orders and with the read model. */
import { acceptOrder } from '../../application/accept-order.ts';
import type { Dependencies, OrderMessage, ReadModel } from '../../application/ports.ts';
import { recordOrder } from '../../application/record-order.ts';
import { pendingConfirmation } from '../../domain/confirmations.ts';
import { parseReservationId } from '../../domain/identifiers.ts';
import type { Rollup } from '../../domain/rollup.ts';
import { committedUnits } from '../../domain/stock-view.ts';
import type { Mutant } from '../cluster/mutant.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import { rewriting, rewritingEach, withMethods, withoutConditions } from './decorate.ts';
import { MESSAGE_MUTANTS } from './message-mutants.ts';

const NONE: ReadonlySet<string> = new Set();

type Deps = SimulatedDependencies;

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
