/** A checkout: hold, pay, confirm. Whatever dies or is not answered on the way: call it again for the same order. */
export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Order {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** Let the inventory confirm when it has time: for sales in which everybody pays at once. */
  readonly later?: boolean;
}

export type Outcome = 'ordered' | 'sold_out' | 'declined' | 'too_late';
export interface Decision {
  readonly outcome: Outcome;
  readonly path?: string;
}

/** What the shop has. Each of these may throw: then nobody knows whether it was done. */
export interface Shop {
  /** One request to the inventory; GET without a key. */
  inventory(path: string, key?: string, body?: object, prefer?: string): Promise<Reply>;
  /** Takes the money, once for each order id, and answers the same ever after. */
  charge(orderId: string): Promise<'paid' | 'declined'>;
  /** Gives back what was taken for an order, once; nothing if nothing was. */
  refund(orderId: string): Promise<void>;
  /** The shop's own database: stores the first decision of an order and answers with it; without one, reads it. */
  decision(orderId: string, decided?: Decision): Promise<Decision | undefined>;
}

/** Nothing is decided. A job calls `checkout` again for every order that was begun and has not returned. */
export class AgainLaterError extends Error {}

/** Only these say what became of a request; after anything else it may have had its effect. */
const VERDICTS = [200, 201, 202, 404, 409];

async function ask(shop: Shop, ...request: Parameters<Shop['inventory']>): Promise<Reply> {
  const reply = await shop.inventory(...request);
  if (VERDICTS.includes(reply.status)) return reply;
  throw new AgainLaterError(`${request[0]}: ${reply.status}`);
}

async function attempt(shop: Shop, { orderId, lines, later }: Order): Promise<Decision> {
  const held = await ask(shop, '/v1/reservations', `${orderId}.hold`, { lines, ttlSeconds: 600 });
  if (held.status !== 201) return { outcome: 'sold_out' };
  const path = `/v1/reservations/${held.body['reservationId']}`;
  // Payment is slow, and this may be the tenth attempt: no money is taken for a hold that does not live.
  const extended = await ask(shop, `${path}/extend`, `${orderId}.extend`, { ttlSeconds: 900 });
  if (extended.status !== 200) return { outcome: 'sold_out', path };
  if ((await shop.charge(orderId)) === 'declined') return { outcome: 'declined', path };
  const prefer = later ? 'respond-async' : undefined;
  const confirmed = await ask(shop, `${path}/confirm`, `${orderId}.confirm`, { orderId }, prefer);
  if (confirmed.status === 200) return { outcome: 'ordered', path };
  if (confirmed.status !== 202) return { outcome: 'too_late', path };
  const order = await ask(shop, `/v1/orders/${orderId}`);
  if (order.body['status'] === 'accepted') return { outcome: 'ordered', path };
  if (order.body['status'] === 'failed') return { outcome: 'too_late', path };
  throw new AgainLaterError(`${orderId} is queued`);
}

export async function checkout(shop: Shop, order: Order): Promise<Outcome> {
  const { orderId } = order;
  // What is decided is written down before it is acted on: a second attempt may see another clock.
  const decided =
    (await shop.decision(orderId)) ?? (await shop.decision(orderId, await attempt(shop, order)));
  if (decided === undefined) throw new AgainLaterError(`${orderId} is not decided`);
  const { outcome, path } = decided;
  if (outcome === 'ordered') return outcome;
  // One of the two applies: what is held is released, what another attempt has confirmed is cancelled.
  if (path !== undefined) await ask(shop, `${path}/release`, `${orderId}.release`, {});
  if (path !== undefined) await ask(shop, `${path}/cancel`, `${orderId}.cancel`, {});
  await shop.refund(orderId);
  return outcome;
}
