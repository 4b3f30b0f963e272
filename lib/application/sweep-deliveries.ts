import { type Delivery, handedOver } from '../domain/delivery.ts';
import { messageOf } from './notify-webhooks.ts';
import type { Dependencies } from './ports.ts';
import type { DeliveryQueue } from './webhook-ports.ts';
import { changeDelivery, forgetDelivery } from './write-delivery.ts';

/** Deliveries that are looked at side by side: a call each, on connections that a function has anyway. */
const PARALLEL_MAX = 25;

const NONE: ReadonlySet<string> = new Set();

/** Looks at one that is due: forgets it, or postpones it so that no other sweep sends it as well. */
async function review(deps: Dependencies, delivery: Delivery): Promise<Delivery[]> {
  if (delivery.status !== 'pending') {
    await forgetDelivery(deps, delivery);
    return [];
  }
  const nowMs = deps.clock.now();
  let isOurs = false;
  await changeDelivery(deps, delivery, (current) => {
    isOurs = current.version === delivery.version;
    return isOurs ? handedOver(current, nowMs) : undefined;
  });
  return isOurs ? [delivery] : [];
}

/**
 * Puts deliveries that are due on the queue, and forgets those that ended long ago. Without a queue, as in a simulation
 * that has none, they are left alone.
 *
 * @returns how many were looked at; none when the queue does not take them, so that nobody looks again at once.
 */
export async function sweepDeliveries(
  deps: Dependencies & { readonly deliveryQueue?: DeliveryQueue },
  due: readonly Delivery[],
): Promise<number> {
  const { deliveryQueue } = deps;
  if (deliveryQueue === undefined) return 0;
  for (let start = 0; start < due.length; start += PARALLEL_MAX) {
    const batch = due.slice(start, start + PARALLEL_MAX);
    const pending = (await Promise.all(batch.map((delivery) => review(deps, delivery)))).flat();
    const lost = pending.length > 0 ? await deliveryQueue.send(pending.map(messageOf)) : NONE;
    // A queue in trouble may take its time to say so, and the sweep has holds to expire: the rest waits.
    if (lost.size > 0) return 0;
  }
  return due.length;
}
