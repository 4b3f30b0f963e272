import type { Delivery } from '../domain/delivery.ts';
import { ABSENT } from '../domain/guarded-write.ts';
import { backOff } from './back-off.ts';
import type { Dependencies } from './ports.ts';

/** How often a change is decided anew after the delivery had changed meanwhile: only a doubled message does that. */
const ATTEMPTS_MAX = 5;

const keyOf = ({ tenantId, webhookId, createdAtMs, deliveryId }: Delivery) => ({
  tenantId,
  webhookId,
  createdAtMs,
  deliveryId,
});

/**
 * Stores a new delivery unless there is one.
 *
 * @returns the one that is stored.
 */
export async function createDelivery(deps: Dependencies, delivery: Delivery): Promise<Delivery> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const commit = await deps.store.commit([
      {
        entity: 'delivery',
        key: keyOf(delivery),
        conditions: [ABSENT],
        effect: { does: 'put', record: delivery },
      },
    ]);
    if (commit.outcome === 'committed') return delivery;
    const stored = commit.outcome === 'refused' ? (commit.images.get(0) as Delivery | undefined) : undefined;
    if (stored !== undefined) return stored;
    await backOff(deps, attempt);
  }
  throw new Error('A delivery could not be stored: its key is contended');
}

/**
 * Changes a delivery as it is now.
 *
 * @param decide makes the next version, or `undefined` for a delivery that is to stay as it is.
 *
 * @returns what is stored; `undefined` when there is no such delivery.
 */
export async function changeDelivery(
  deps: Dependencies,
  found: Delivery,
  decide: (current: Delivery) => Delivery | undefined,
): Promise<Delivery | undefined> {
  let current = found;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const next = decide(current);
    if (next === undefined) return current;
    const commit = await deps.store.commit([
      {
        entity: 'delivery',
        key: keyOf(current),
        conditions: [{ is: 'equal', field: 'version', value: current.version }],
        effect: { does: 'put', record: next },
      },
    ]);
    if (commit.outcome === 'committed') return next;
    if (commit.outcome === 'refused') {
      const stored = commit.images.get(0) as Delivery | undefined;
      if (stored === undefined) return undefined;
      current = stored;
    }
    await backOff(deps, attempt);
  }
  throw new Error('A delivery could not be changed: it is contended');
}

/** Forgets a delivery, if nobody has changed it. */
export async function forgetDelivery(deps: Dependencies, delivery: Delivery): Promise<void> {
  await deps.store.commit([
    {
      entity: 'delivery',
      key: keyOf(delivery),
      conditions: [{ is: 'equal', field: 'version', value: delivery.version }],
      effect: { does: 'delete' },
    },
  ]);
}
