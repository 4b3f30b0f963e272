import { readReservation } from '../../application/read-reservation.ts';
import type { ReserveCommand } from '../../application/reserve-stock.ts';
import type { UnitRequest } from '../../domain/allocated-units.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { stateOf } from '../../domain/reservation-state.ts';
import type { RequestedLine } from '../../domain/sourcing.ts';
import { REGIONS } from '../cluster/cluster.ts';
import type { SeededRandom } from '../random.ts';
import type { Shop } from './shop.ts';
import { drawRegion, type ShopPlan } from './shop-plan.ts';
import { changeOperation, holdOperation, type Wish } from './shopper-operations.ts';

/** Holds live from half a minute to five: long enough for a slow shopper, short enough to expire in a run. */
const TTL_SECONDS = [30, 300] as const;
/** A shopper thinks about this long before each step, and an order waits as long to be shipped. */
const THINKING_MS = 45_000;
const LINES_MAX = 3;
const UNITS_MAX = 6;
const AT_A_LOCATION = 0.2;
const ALLOWS_PART = 0.2;
/** How many shoppers send one order to two regions, under one key. */
const IN_TWO_WINDOWS = 0.05;
/** How many shoppers do what. */
const ABANDONS = 0.1;
const CHANGES_TWICE = 0.12;
const RELEASES = 0.15;
const EXTENDS = 0.12;
const CONFIRMS_PART = 0.12;
/** Of those who confirm, so many wait for no answer, and so many name an order: of these so many ids, so some meet. */
const CONFIRMS_LATER = 0.15;
const NAMES_ORDER = 0.2;
const ORDER_IDS = 200;

function drawLines(plan: ShopPlan, random: SeededRandom): RequestedLine[] {
  const count = random.chance(0.6) ? 1 : random.integer(2, LINES_MAX);
  return Array.from({ length: count }, () => {
    const { sku, scale } = random.pick(plan.skus);
    const quantity = random.integer(1, UNITS_MAX) * scale;
    if (!random.chance(AT_A_LOCATION)) return { sku, quantity };
    return { sku, quantity, locationId: random.pick(plan.locations).locationId };
  });
}

/** Lines of one reservation name each sku and place once. */
const distinct = (lines: readonly RequestedLine[]): RequestedLine[] => [
  ...new Map(lines.map((line) => [`${line.sku}#${line.locationId ?? ''}`, line])).values(),
];

function drawCommand(plan: ShopPlan, random: SeededRandom): ReserveCommand {
  return {
    lines: distinct(drawLines(plan, random)),
    ttlSeconds: random.integer(...TTL_SECONDS),
    allowPartial: random.chance(ALLOWS_PART),
    metadata: {},
  };
}

/** A part of what a reservation has left; `undefined` when it has too little for one. */
function drawPart(reservation: Reservation, random: SeededRandom): UnitRequest[] | undefined {
  const left = stateOf(reservation).lines.flatMap(({ sku, allocations }) =>
    allocations.flatMap((units) => (units.left > 1 ? [{ ...units, sku }] : [])),
  );
  if (left.length === 0) return undefined;
  const { sku, locationId, left: units } = random.pick(left);
  return [{ sku, locationId, quantity: random.integer(1, units - 1) }];
}

/** One visit to the shop, from the hold to whatever becomes of it. */
class Visit {
  readonly #shop: Shop;
  readonly #name: string;
  readonly #region: string;
  #steps = 0;

  constructor(shop: Shop, name: string) {
    const { plan, client } = shop;
    this.#shop = shop;
    this.#name = name;
    this.#region = drawRegion(plan, client.random, client.now());
  }

  async run(): Promise<void> {
    const { client, plan } = this.#shop;
    const command = drawCommand(plan, client.random);
    const isTwice = client.random.chance(IN_TWO_WINDOWS);
    const regions = isTwice ? [this.#region, client.random.pick(REGIONS)] : [this.#region];
    await Promise.all(regions.map((region) => this.#order(command, region)));
  }

  async #order(command: ReserveCommand, region: string): Promise<void> {
    const { client } = this.#shop;
    const operation = holdOperation(this.#shop, this.#name, command);
    const held = await client.perform(operation, { region });
    if (held?.ok !== true) return;
    await this.#think();
    await this.#decide(held.value.reservation);
  }

  async #decide(reservation: Reservation): Promise<void> {
    const { random } = this.#shop.client;
    if (random.chance(ABANDONS)) return;
    if (random.chance(CHANGES_TWICE)) return this.#changeTwice(reservation);
    if (random.chance(RELEASES) && !(await this.#releaseSome(reservation))) return;
    if (random.chance(EXTENDS)) await this.#change(reservation, { did: 'extend', ttlSeconds: 120 });
    const part = random.chance(CONFIRMS_PART) ? drawPart(reservation, random) : undefined;
    const confirmed = await this.#confirm(reservation, part && { lines: part });
    if (confirmed !== undefined) await this.#fulfil(confirmed);
  }

  /** @returns the reservation, if the shopper knows that it is confirmed */
  async #confirm(
    reservation: Reservation,
    part: { readonly lines: readonly UnitRequest[] } | undefined,
  ): Promise<Reservation | undefined> {
    const { random } = this.#shop.client;
    const order = random.chance(NAMES_ORDER) ? { orderId: `o${random.integer(1, ORDER_IDS)}` } : undefined;
    const isLater = random.chance(CONFIRMS_LATER);
    const wish = { did: isLater ? 'queue' : 'confirm', ...order, ...part } as const;
    const changed = await this.#change(reservation, wish);
    return changed !== undefined && isLater ? this.#lookAfter(reservation) : changed;
  }

  /** Looks whether a confirmation that was queued has been made meanwhile. */
  async #lookAfter(reservation: Reservation): Promise<Reservation | undefined> {
    const { client, cluster, oracle } = this.#shop;
    await this.#think();
    const id = formatReservationId(reservation);
    client.requests += 1;
    const answer = await cluster.request(this.#region, (deps) =>
      readReservation(deps, client.caller.tenantId, id),
    );
    if (!answer.answered || !answer.value.ok) return undefined;
    const { reservation: seen } = answer.value.value;
    if (!seen.history.some(({ did }) => did === 'confirm')) return undefined;
    oracle.sawConfirmed(id, seen);
    return seen;
  }

  /** Gives back all or a part. @returns whether a part is left */
  async #releaseSome(reservation: Reservation): Promise<boolean> {
    const { random } = this.#shop.client;
    const lines = random.chance(0.5) ? drawPart(reservation, random) : undefined;
    const released = await this.#change(reservation, { did: 'release', ...(lines && { lines }) });
    return released !== undefined && lines !== undefined;
  }

  /** Two wishes at once, as from a shopper with two windows: at most one of them is met. */
  async #changeTwice(reservation: Reservation): Promise<void> {
    const wishes: Wish[] = [{ did: 'confirm' }, { did: 'release' }];
    await Promise.all(wishes.map((wish) => this.#change(reservation, wish)));
  }

  async #fulfil(reservation: Reservation): Promise<void> {
    const { random } = this.#shop.client;
    await this.#think();
    if (random.chance(0.15)) return;
    if (random.chance(0.2)) {
      await this.#change(reservation, { did: 'cancel' });
      return;
    }
    const lines = random.chance(0.3) ? drawPart(reservation, random) : undefined;
    const shipped = await this.#change(reservation, { did: 'ship', ...(lines && { lines }) });
    if (shipped === undefined || lines === undefined) return;
    await this.#think();
    await this.#change(shipped, random.chance(0.3) ? { did: 'cancel' } : { did: 'ship' });
  }

  async #change(reservation: Reservation, wish: Wish): Promise<Reservation | undefined> {
    const { client } = this.#shop;
    this.#steps += 1;
    const reservationId = formatReservationId(reservation);
    const operation = changeOperation(this.#shop, `${this.#name}.${this.#steps}`, { reservationId, wish });
    const changed = await client.perform(operation, { region: this.#region });
    return changed?.ok === true ? changed.value.reservation : undefined;
  }

  #think(): Promise<void> {
    const { client } = this.#shop;
    return client.sleep(client.random.exponential(THINKING_MS));
  }
}

/** A shopper comes in and leaves again. */
export const shopOnce = (shop: Shop, name: string): Promise<void> => new Visit(shop, name).run();

/** Units that a shopper asks for on average, of a sku with that scale. */
export const UNITS_PER_VISIT = (1 + UNITS_MAX) / 2;
