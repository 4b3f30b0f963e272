/** How a process reaches what is behind the stream of its region. */
import type { Message, Outlet, Outlets } from '../../application/ports.ts';
import type { CallParties } from '../store-request.ts';
import type { RegionSpine } from './region-spine.ts';
import { SimulatedOutlet } from './simulated-outlet.ts';

/** The outlets of a process that sends. */
export function openOutlets(parties: CallParties, spine: RegionSpine): Outlets {
  const { rates, outages, bus, log, orders } = spine;
  const to = <Sent extends Message>(name: string, take: (messages: readonly Sent[]) => void) =>
    new SimulatedOutlet<Sent>(parties, { name, rates, outages, take });
  return {
    events: to('bus', (events) => bus.take(events)),
    log: to('log', (entries) => log.take(entries)),
    orders: to('order queue', (messages) => orders.accept(messages)),
  };
}

const NO_OUTLET: Outlet<Message> = {
  send: () => {
    throw new Error('Only what runs behind a commit may send: a request must not wait for a bus.');
  },
};

/** A process that answers requests, or works a queue off, sends nothing. */
export const NO_OUTLETS: Outlets = { events: NO_OUTLET, orders: NO_OUTLET, log: NO_OUTLET };
