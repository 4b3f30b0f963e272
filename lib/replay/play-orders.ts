import type { Clock } from '../application/ports.ts';
import type { Books } from './books.ts';
import type { Fortune } from './fortune.ts';
import type { ShopApi } from './http/shop-api.ts';
import { type Order, type Return, type Sale, skusOf } from './plan-orders.ts';
import { forEachInOrder } from './slots.ts';
import type { SupplyRises } from './supply-rises.ts';
import { type Turn, Turns } from './turns.ts';

/** How an order ended. `expired`: its hold was over before it was confirmed; no replay in time sees that. */
export type Outcome = 'shipped' | 'released' | 'refused' | 'expired' | 'returned';

/** What every order of a replay is played with. */
export interface Stage {
  readonly api: ShopApi;
  readonly books: Books;
  readonly fortune: Fortune;
  readonly rises: SupplyRises;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Where a product lies. */
  readonly locationOf: (sku: string) => string;
}

/**
 * Orders that share a sku meet twice: where availability is decided (hold, release, return), and where stock
 * leaves or comes back (ship, return). Both go in file order. The first makes the outcome the same in every
 * run; the second only saves the service from changing one stock record twice at once. Between the two, an
 * order does not keep the next one from being held.
 */
interface Place {
  readonly supply: Turn;
  readonly stock: Turn;
}

/** Places a hold; a refusal that may rest on old knowledge of a supply that has just risen is asked again. */
async function hold({ api, fortune, rises, clock }: Stage, { id, lines }: Sale) {
  const request = { lines, ttlSeconds: fortune.ttlSeconds(id), reference: id };
  const key = fortune.keyOf(id, 'hold');
  const sentAtMs = rises.now();
  const answer = await api.hold(request, key);
  const waitMs = answer.outcome === 'held' ? 0 : rises.doubtMs(answer.skus, sentAtMs);
  if (waitMs === 0) return answer;
  await clock.sleep(waitMs);
  // Nothing rises while this order has its turn, so the second answer is certain.
  return api.hold(request, key);
}

async function release(stage: Stage, sale: Sale, reservationId: string): Promise<Outcome> {
  const step = await stage.api.release(reservationId, stage.fortune.keyOf(sale.id, 'release'));
  stage.rises.note(skusOf(sale));
  return step === 'expired' ? 'expired' : 'released';
}

async function deliver(
  stage: Stage,
  sale: Sale,
  at: { place: Place; reservationId: string },
): Promise<Outcome> {
  const { api, fortune, books } = stage;
  const { place, reservationId } = at;
  const step = await api.confirm(reservationId, sale.id, fortune.keyOf(sale.id, 'confirm'));
  if (step === 'expired') return 'expired';
  await place.stock.ready;
  await api.ship(reservationId, fortune.keyOf(sale.id, 'ship'));
  books.enter('shipped', sale.lines);
  return 'shipped';
}

async function playSale(stage: Stage, sale: Sale, place: Place): Promise<Outcome> {
  await place.supply.ready;
  const answer = await hold(stage, sale);
  if (answer.outcome === 'refused') return 'refused';
  const { reservationId } = answer;
  if (stage.fortune.isReleased(sale.id)) return release(stage, sale, reservationId);
  place.supply.pass();
  return deliver(stage, sale, { place, reservationId });
}

async function playReturn(stage: Stage, { id, line }: Return, place: Place): Promise<Outcome> {
  await Promise.all([place.supply.ready, place.stock.ready]);
  const locationId = stage.locationOf(line.sku);
  const key = stage.fortune.keyOf(id, 'return');
  await stage.api.move({ type: 'return', line, locationId, reference: id }, key);
  stage.rises.note([line.sku]);
  stage.books.enter('returned', [line]);
  return 'returned';
}

/** Orders under way at once, for each request that may be in flight: an order waits for others most of its time. */
const OPEN_ORDERS_PER_REQUEST = 4;

export interface PlayOptions {
  readonly concurrency: number;
  /** Called when an order has ended. */
  readonly onEnd?: (order: Order) => void;
  /** Called at the first failure: those under way should fail soon as well. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Plays all orders.
 *
 * @returns how each ended, by its id.
 */
export async function playOrders(
  stage: Stage,
  orders: readonly Order[],
  { concurrency, onEnd, onFailure }: PlayOptions,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const supplyTurns = new Turns();
  const stockTurns = new Turns();
  const play = async (order: Order): Promise<void> => {
    // Before anything is awaited: turns are taken in the order in which orders start, which is the file's.
    const skus = skusOf(order);
    const place = { supply: supplyTurns.take(skus), stock: stockTurns.take(skus) };
    try {
      const outcome = await (order.kind === 'sale'
        ? playSale(stage, order, place)
        : playReturn(stage, order, place));
      outcomes.set(order.id, outcome);
      onEnd?.(order);
    } catch (error) {
      onFailure?.(error);
      throw error;
    } finally {
      place.supply.pass();
      place.stock.pass();
    }
  };
  await forEachInOrder(orders, concurrency * OPEN_ORDERS_PER_REQUEST, play);
  return outcomes;
}
