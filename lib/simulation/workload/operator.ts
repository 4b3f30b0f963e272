/** Who runs the shop: books what arrives and what is lost, counts, and sets safety stocks. */
import { putProduct } from '../../application/put-product.ts';
import { readStock } from '../../application/read-stock.ts';
import { type Recorded, recordMovement } from '../../application/record-movement.ts';
import type { MovementCommand } from '../../domain/movement-plan.ts';
import { REGIONS } from '../cluster/cluster.ts';
import type { Operation } from './client.ts';
import type { Shop } from './shop.ts';
import type { PlannedLocation, PlannedSku } from './shop-plan.ts';

/** Where something is booked. */
interface Place {
  readonly sku: PlannedSku;
  readonly location: PlannedLocation;
}

interface Arrival {
  readonly place: Place;
  readonly quantity: number;
}

/** A count is made about as often as this among all bookings, and so on. */
const COUNTS = 0.12;
const LOSSES = 0.15;
const SAFETY_CHANGES = 0.06;
/** The most units that are lost at once, or kept back. */
const LOST_MAX = 4;
/** Of the arrivals, this part is booked by two clerks at once, each a half. */
const BY_TWO_CLERKS = 0.15;
/** A count finds a part of the stock missing as often as this; one at the end of a run always does. */
const MISSING = 0.3;
/** What a last count finds at most: more is promised then, and the rest of the run pays it. */
const FOUND_LAST = 0.4;
const KEPT_BACK_MAX = 12;

function movementOperation(shop: Shop, key: string, command: MovementCommand): Operation<Recorded> {
  const { client, oracle, mix } = shop;
  const fingerprint = `movement ${key}`;
  oracle.asked.add(fingerprint);
  return {
    what: `${command.type} ${key}`,
    key,
    asking: () => oracle.supply.tryToBook(key, command),
    run: (deps) => recordMovement(deps, client.caller, { command, idempotency: { key, fingerprint } }),
    describe: ({ movement: { sku, locationId, delta } }) => `${sku} at ${locationId}: ${delta}`,
    told: (result) => {
      if (result.ok) {
        mix.movements += 1;
        oracle.toldMovement(key, result.value.movement);
      } else {
        oracle.supply.refuse(key);
      }
    },
  };
}

/** Books a movement. */
export async function bookMovement(
  shop: Shop,
  key: string,
  { region = shop.client.random.pick(REGIONS), ...command }: MovementCommand & { readonly region?: string },
): Promise<void> {
  await shop.client.perform(movementOperation(shop, key, command), { region });
}

/** Two clerks book what came to one place at the same moment. */
async function bookTwice(shop: Shop, key: string, { place, quantity }: Arrival): Promise<void> {
  const region = shop.client.random.pick(REGIONS);
  const { sku, location } = place;
  const command = {
    type: 'receipt',
    sku: sku.sku,
    locationId: location.locationId,
    quantity,
    region,
  } as const;
  await Promise.all(['left', 'right'].map((clerk) => bookMovement(shop, `${key}.${clerk}`, command)));
}

/** Counts what is there, and finds a little less or more than the books say. */
async function count(
  shop: Shop,
  key: string,
  { sku, location, isLast = false }: Place & { readonly isLast?: boolean },
): Promise<void> {
  const { client, cluster } = shop;
  const { random, caller } = client;
  const query = { sku: sku.sku, consistency: 'eventual' as const };
  const answer = await cluster.request(random.pick(REGIONS), (deps) =>
    readStock(deps, caller.tenantId, query),
  );
  client.requests += 1;
  if (!answer.answered || !answer.value.ok) return;
  const { locationId } = location;
  const seen = answer.value.value.locations.find((one) => one.locationId === locationId);
  const onHand = seen?.onHand ?? 0;
  // Mostly nearly right; now and then a pallet is missing, and more is promised than is there.
  const usual = random.chance(MISSING) ? random.fraction() : random.between(0.9, 1.05);
  const found = isLast ? FOUND_LAST * random.fraction() : usual;
  await bookMovement(shop, key, {
    type: 'count',
    sku: sku.sku,
    locationId,
    quantity: Math.floor(onHand * found),
  });
}

async function lose(shop: Shop, key: string, { sku, location }: Place): Promise<void> {
  const { random } = shop.client;
  const units = random.integer(1, LOST_MAX) * sku.scale;
  const type = random.chance(0.5) ? 'write_off' : 'adjustment';
  await bookMovement(shop, key, {
    type,
    sku: sku.sku,
    locationId: location.locationId,
    quantity: type === 'adjustment' ? -units : units,
  });
}

/** Sets how many units each location keeps back. */
export async function setSafetyStock(shop: Shop, { sku, scale }: PlannedSku, units: number): Promise<void> {
  const { client } = shop;
  const command = { sku, name: sku, unit: 'piece', attributes: {}, safetyStock: units * scale };
  await client.perform(
    {
      what: `safety stock of ${sku}: ${units * scale}`,
      key: sku,
      run: (deps) => putProduct(deps, client.caller, { command, precondition: () => true }),
      told: () => undefined,
    },
    { region: client.random.pick(REGIONS) },
  );
}

export interface Books {
  /** How many units arrive when something arrives. */
  readonly restock: (sku: PlannedSku) => number;
  /** Nothing arrives any more: what is owed then is paid by what comes back, or never. */
  readonly isClosing: boolean;
}

/** One thing that an operator does. */
export async function operateOnce(shop: Shop, key: string, { restock, isClosing }: Books): Promise<void> {
  const { random } = shop.client;
  const place: Place = { sku: random.pick(shop.plan.skus), location: random.pick(shop.plan.locations) };
  if (isClosing) return count(shop, key, { ...place, isLast: true });
  if (random.chance(COUNTS)) return count(shop, key, place);
  if (random.chance(LOSSES)) return lose(shop, key, place);
  if (random.chance(SAFETY_CHANGES)) {
    return setSafetyStock(shop, place.sku, random.chance(0.4) ? 0 : random.integer(1, KEPT_BACK_MAX));
  }
  const quantity = restock(place.sku);
  if (random.chance(BY_TWO_CLERKS)) {
    return bookTwice(shop, key, { place, quantity: Math.ceil(quantity / 2) });
  }
  return bookMovement(shop, key, {
    type: random.chance(0.9) ? 'receipt' : 'return',
    sku: place.sku.sku,
    locationId: place.location.locationId,
    quantity,
  });
}
