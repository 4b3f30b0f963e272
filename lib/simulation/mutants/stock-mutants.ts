/** Mistakes with shipments, the ledger, and units that a location is owed. */
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import type { Mutant } from '../cluster/mutant.ts';
import { addedTo, adding, rewriting, rewritingEach, withoutConditions } from './decorate.ts';

/** A change of stock that tells no other region of a recall. */
function unannounced(write: GuardedWrite): GuardedWrite {
  if (write.effect.does !== 'update') return write;
  const changes = write.effect.changes.filter(({ field }) => field !== 'recallVersion');
  return { ...write, effect: { does: 'update', changes } } as GuardedWrite;
}

/** A shipment that nobody will look for. */
function unmarked(write: GuardedWrite): GuardedWrite {
  if (write.entity !== 'shipment' || write.effect.does !== 'put') return write;
  const { bookingDueAtMs: _, ...record } = write.effect.record;
  return { ...write, effect: { does: 'put', record } };
}

export const STOCK_MUTANTS: readonly Mutant[] = [
  {
    name: 'booking-repeated',
    mistake: 'A shipment is booked each time it is seen, as often as a stream or a sweep shows it.',
    store: (store, { world }) =>
      rewritingEach(store, (write) => {
        if (write.entity !== 'movement' || write.effect.does !== 'put') return write;
        const { record } = write.effect;
        if (record.type !== 'shipment') return write;
        const movementId = `${record.movementId}.${Math.floor(world.time.now())}`;
        return {
          ...write,
          key: { ...write.key, movementId },
          effect: { does: 'put', record: { ...record, movementId } },
        };
      }),
  },
  {
    name: 'booking-overwrites',
    mistake: 'A movement is stored whether or not it is there, and on-hand is changed again.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'movement' ? withoutConditions(write, ({ is }) => is === 'absent') : write,
      ),
  },
  {
    name: 'booking-forgotten',
    mistake: 'A shipment that could not be booked at once is not marked, so nobody books it.',
    store: (store) => rewritingEach(store, unmarked),
    deliver: (batch) => batch.filter(({ entity }) => entity !== 'shipment'),
  },
  {
    name: 'receipt-not-stored',
    mistake: 'The key of a movement is not stored with it, so a retry books it again.',
    store: (store) =>
      rewriting(store, (writes) => writes.filter(({ entity }) => entity !== 'movementReceipt')),
  },
  {
    name: 'ship-keeps-promise',
    mistake: 'Units that were shipped stay promised.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'quota' && addedTo(write, 'promised') < 0 && addedTo(write, 'available') === 0
          ? adding(write, 'promised', 0)
          : write,
      ),
  },
  {
    name: 'release-refills-recalled-quota',
    mistake: 'Units that come back go to the quota, though its location is owed them.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'quota'
          ? withoutConditions(
              write,
              (condition) => condition.is === 'notEqual' && condition.field === 'recalled',
            )
          : write,
      ),
  },
  {
    name: 'recall-not-followed',
    mistake: 'A location that is owed units does not get those of other regions.',
    store: (store) =>
      rewritingEach(store, (write) => (write.entity === 'stock' ? unannounced(write) : write)),
  },
  {
    name: 'stock-version-ignored',
    mistake: 'Stock is changed whatever it has become since it was read.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'stock'
          ? withoutConditions(write, (condition) => condition.is === 'equal' && condition.field === 'version')
          : write,
      ),
  },
];
