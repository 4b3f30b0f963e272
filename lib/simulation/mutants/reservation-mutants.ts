/** Mistakes with reservations, their keys and their quotas. */
import type { Commit, Store } from '../../application/ports.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Mutant } from '../cluster/mutant.ts';
import { addedTo, adding, rewriting, rewritingEach, withMethods, withoutConditions } from './decorate.ts';

/** A TTL deletes within days; this one is quicker, as a run is shorter. */
const TTL_MS = 30_000;

const isOf =
  (entity: GuardedWrite['entity']) =>
  (write: GuardedWrite): boolean =>
    write.entity === entity;

/** Drops conditions of writes of one kind. */
const dropping = (
  entity: GuardedWrite['entity'],
  drop: (condition: GuardedWrite['conditions'][number]) => boolean,
): NonNullable<Mutant['store']> => {
  return (store) =>
    rewritingEach(store, (write) => (write.entity === entity ? withoutConditions(write, drop) : write));
};

/** Sends the writes of one kind in a call of their own, before the rest. */
const inACallBefore = (entity: GuardedWrite['entity']): NonNullable<Mutant['store']> => {
  const split = async (store: Store, writes: readonly GuardedWrite[]): Promise<Commit> => {
    const own = writes.filter(isOf(entity));
    const rest = writes.filter((write) => write.entity !== entity);
    if (own.length === 0 || rest.length === 0) return store.commit(writes);
    const commit = await store.commit(own);
    return commit.outcome === 'committed' ? store.commit(rest) : commit;
  };
  return (store) => withMethods(store, { commit: (writes) => split(store, writes) });
};

export const RESERVATION_MUTANTS: readonly Mutant[] = [
  {
    name: 'change-without-version',
    mistake: 'A release, an expiry or a shipment is written whatever the reservation has become meanwhile.',
    store: dropping('reservation', (condition) => condition.is === 'equal' && condition.field === 'version'),
  },
  {
    name: 'confirm-ignores-expiry',
    mistake: 'A hold is confirmed after its expiry.',
    store: dropping('reservation', (condition) => condition.is === 'greater'),
  },
  {
    name: 'confirm-ignores-state',
    mistake: 'A reservation is confirmed from any state.',
    store: dropping('reservation', (condition) => condition.is === 'oneOf'),
  },
  {
    name: 'hold-overwrites',
    mistake: 'A hold is stored whether or not its key was used.',
    store: dropping('reservation', (condition) => condition.is === 'absent'),
  },
  {
    name: 'hold-unchecked',
    mistake: 'A hold takes units without looking whether they are there.',
    store: dropping('quota', (condition) => condition.is === 'atLeast' && condition.field === 'available'),
  },
  {
    name: 'hold-in-two-calls',
    mistake: 'The units of a hold are taken first, and the reservation is stored in a call of its own.',
    store: inACallBefore('quota'),
  },
  {
    name: 'give-back-in-two-calls',
    mistake: 'A reservation is changed first, and its units are given back in a call of their own.',
    store: inACallBefore('reservation'),
  },
  {
    name: 'give-back-twice',
    mistake: 'Units that are given back are made available twice.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'quota' && addedTo(write, 'promised') < 0 && addedTo(write, 'available') > 0
          ? adding(write, 'available', 2 * addedTo(write, 'available'))
          : write,
      ),
  },
  {
    name: 'reservation-ttl',
    mistake: 'A TTL deletes reservations that are past their expiry, in whatever region it runs.',
    beside: ({ world, stores }) => {
      for (const store of stores) {
        store.onChange((changes) => {
          for (const { entity, after } of changes) {
            if (entity !== 'reservation' || after === undefined) continue;
            const { tenantId, keyHash, region, expiresAtMs } = after as Reservation;
            world.time.at(expiresAtMs + TTL_MS, () =>
              store.commit([
                {
                  entity: 'reservation',
                  key: { tenantId, keyHash, region },
                  conditions: [{ is: 'present' }],
                  effect: { does: 'delete' },
                },
              ]),
            );
          }
        });
      }
    },
  },
  {
    name: 'key-not-remembered',
    mistake: 'The idempotency key of a hold is not what it is stored under.',
    dependencies: (deps) => ({
      ...deps,
      digest: {
        hex: (digits, ...parts) =>
          deps.digest.hex(digits, ...parts, ...(parts[1] === 'reservations' ? [deps.random.hex(8)] : [])),
      },
    }),
  },
  {
    name: 'writes-through-the-own-replica',
    mistake: 'What another region owns is written through the replica at hand.',
    dependencies: (deps) => ({ ...deps, replicas: { in: () => deps.store } }),
  },
  {
    name: 'adopted-quota',
    mistake: 'While a region is lost, another one sells from the quota that it left behind.',
    store: (store, { world: { network }, of }) =>
      rewritingEach(store, (write) => {
        const lost = network.regions.find((region) => !network.isUp(region));
        const isTake = write.entity === 'quota' && addedTo(write, 'taken') > 0;
        if (!isTake || lost === undefined || lost === of) return write;
        return { ...write, key: { ...write.key, region: lost } } as GuardedWrite;
      }),
  },
  {
    name: 'siblings-not-compared',
    mistake: 'Nobody looks whether an order that was confirmed has a sibling in another region.',
    deliver: (batch) => batch.filter(({ entity }) => entity !== 'reservation'),
  },
  {
    name: 'drained-region-sells',
    mistake: 'A region that is taken out of service goes on as before.',
    dependencies: (deps) => ({
      ...deps,
      regionStates: {
        all: async () => (await deps.regionStates.all()).map((state) => ({ ...state, status: 'active' })),
      },
    }),
  },
  {
    name: 'expiry-forgotten',
    mistake: 'The sweep does not look for expired holds.',
    store: (store) =>
      withMethods(store, {
        dueWork: async (nowMs) => ({ ...(await store.dueWork(nowMs)), reservations: [] }),
      }),
  },
  {
    name: 'part-of-a-hold',
    mistake: 'A hold with several lines takes the units of the first only.',
    store: (store) =>
      rewriting(store, (writes) => {
        const takes = writes.filter((write) => write.entity === 'quota' && addedTo(write, 'taken') > 0);
        return takes.length < 2 ? writes : writes.filter((write) => !takes.slice(1).includes(write));
      }),
  },
];
