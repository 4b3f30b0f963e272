/** Mistakes with shipments, the ledger, and units that a location is owed. */
import { insertMovement } from '../../domain/booking.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import type { Movement } from '../../domain/movement.ts';
import type { Quota } from '../../domain/quota.ts';
import { changeStock } from '../../domain/stock-change.ts';
import type { Mutant } from '../cluster/mutant.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Change } from '../memory-table.ts';
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

const isBookingOfShipment = ({ entity, effect }: GuardedWrite): boolean =>
  entity === 'movement' && effect.does === 'put' && (effect.record as Movement).type === 'shipment';

/** Units that left a quota between two images of it, as far as they show it. */
function unitsLeft({ before, after }: Change): number {
  const [old, now] = [before as Quota | undefined, after as Quota | undefined];
  if (old === undefined || now === undefined) return 0;
  return now.available === old.available ? Math.max(0, old.promised - now.promised) : 0;
}

/** Books what two images of a quota of another region say, at home. */
async function bookByImages(store: MemoryStore, change: Change): Promise<void> {
  const { tenantId, sku, locationId, region, version } = change.after as Quota;
  const quantity = unitsLeft(change);
  const stock = store.all('stock').find((each) => each.sku === sku && each.locationId === locationId);
  if (quantity === 0 || stock === undefined || stock.region !== store.region) return;
  const occurredAtMs = Math.floor(change.atMs);
  const movement: Movement = {
    tenantId,
    sku,
    locationId,
    occurredAtMs,
    movementId: `mov.image.${region}.${version}`,
    type: 'shipment',
    quantity,
    delta: -quantity,
    onHandAfter: stock.onHand - quantity,
    actor: 'image',
  };
  await store.commit([
    insertMovement(movement),
    changeStock(stock, stock, {
      onHand: -quantity,
      keptBack: 0,
      shortage: 0,
      recalled: stock.recalled ?? false,
    }),
  ]);
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
    name: 'shipment-from-replicated-image',
    mistake:
      'What another region ships is counted from images of its quota, of which replication leaves some out.',
    store: (store, { region, of }) =>
      region === of ? store : rewriting(store, (writes) => (writes.some(isBookingOfShipment) ? [] : writes)),
    deliver: (batch) => batch.filter(({ entity }) => entity !== 'shipment'),
    beside: ({ world, stores }) => {
      for (const store of stores) {
        store.onChange((changes) => {
          for (const change of changes) {
            if (change.entity !== 'quota' || change.origin !== 'replicated') continue;
            world.time.after(1, () => bookByImages(store, change));
          }
        });
      }
    },
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
    mistake:
      'Units that come back go to the quota, though its location is owed them, and nobody looks again.',
    deliver: (batch) => batch.filter(({ entity }) => entity !== 'quota'),
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
