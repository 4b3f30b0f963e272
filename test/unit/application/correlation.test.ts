/** One request id finds all of an order: it is kept with what the request did, and told with whatever follows. */
import { describe, expect, it } from 'vitest';
import { showEvent } from '../../../lambdas/events/event-detail.ts';
import { readOrderMessage } from '../../../lambdas/orders/order-message.ts';
import { unsentMessages } from '../../../lib/adapters/dynamodb/unsent-messages.ts';
import { messagesOf } from '../../../lib/application/messages-of.ts';
import type { RecordChange } from '../../../lib/application/ports.ts';
import { reserveStock } from '../../../lib/application/reserve-stock.ts';
import { formatReservationId } from '../../../lib/domain/identifiers.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import { Shop } from '../../support/shop.ts';
import { CALLER, createWorld } from '../../support/world.ts';

async function openShop() {
  const shop = new Shop(createWorld());
  await shop.open();
  const keyed = (requestId: string) => ({ ...shop.nextKey(), requestId });
  const command = { lines: [{ sku: 'a', quantity: 2 }], ttlSeconds: 60, allowPartial: false, metadata: {} };
  const held = await reserveStock(shop.world, CALLER, { command, idempotency: keyed('hold-1') });
  if (!held.ok) throw new Error(held.rejection.detail);
  return { shop, keyed, reservationId: formatReservationId(held.value.reservation) };
}

const told = (shop: Shop, after: Reservation) => {
  const change: RecordChange = { entity: 'reservation', after };
  return messagesOf(shop.world, { change, committedAtMs: 0, notices: [] });
};

describe('the id of a request', () => {
  it.each(['in place', 'line by line'])(
    'of a confirmation %s is in its order message and its event',
    async (way) => {
      const { shop, keyed, reservationId } = await openShop();
      const lines = way === 'in place' ? {} : { lines: [{ sku: 'a', quantity: 1 }] };
      await shop.confirm(reservationId, lines, keyed('confirm-1'));
      const { orders, events } = await told(shop, await shop.reservation(reservationId));
      expect(orders).toMatchObject([{ reservationId, requestId: 'confirm-1' }]);
      expect(events.map(({ type, requestId }) => [type, requestId])).toEqual([
        ['reservation.held', 'hold-1'],
        ['reservation.confirmed', 'confirm-1'],
      ]);
    },
  );

  it('of a confirmation that was queued goes on to its verdict', async () => {
    const { shop, keyed, reservationId } = await openShop();
    await shop.queue(reservationId, {}, keyed('queue-1'));
    await shop.accept(reservationId);
    const { orders, events } = await told(shop, await shop.reservation(reservationId));
    expect(orders.map(({ requestId }) => requestId)).toEqual(['queue-1', 'queue-1']);
    expect(events.at(-1)).toMatchObject({ type: 'reservation.confirmed', requestId: 'queue-1' });
  });

  it('is not there of what nobody asked for', async () => {
    const { shop } = await openShop();
    const id = await shop.hold();
    const { events } = await told(shop, await shop.reservation(id));
    expect(events.map((event) => 'requestId' in event)).toEqual([false]);
  });

  it('stays when messages are kept, and leaves with them', async () => {
    const { shop, keyed, reservationId } = await openShop();
    await shop.confirm(reservationId, {}, keyed('confirm-1'));
    const { orders, events } = await told(shop, await shop.reservation(reservationId));
    const [order, event] = [orders[0], events[1]];
    if (order === undefined || event === undefined) throw new Error('Nothing was told.');
    expect(unsentMessages.read('orders', JSON.stringify(order))).toEqual(order);
    expect(readOrderMessage(JSON.stringify(order))).toMatchObject({ requestId: 'confirm-1' });
    expect(unsentMessages.read('events', JSON.stringify(event))).toMatchObject({ requestId: 'confirm-1' });
    expect(showEvent(event).detail).toMatchObject({ requestId: 'confirm-1' });
    // A message of a release that did not know of it.
    const { requestId: _, ...older } = order;
    expect(readOrderMessage(JSON.stringify(older))).not.toHaveProperty('requestId');
  });

  it('does not change the id of an event: a retry by another request is told alike', async () => {
    const { shop, reservationId } = await openShop();
    const held = await shop.reservation(reservationId);
    const [first] = (await told(shop, held)).events;
    const [second] = (await told(shop, { ...held, requestId: 'another' })).events;
    expect(first?.id).toBe(second?.id);
  });
});
