/**
 * Clients in all regions that hold, confirm, release, ship, receive and count, whatever fails: each asks again
 * with the same key until it knows what became of its request, and remembers what it was told.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Caller, TestStack } from './stack.ts';

export const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
export const SKUS = Array.from({ length: 8 }, (_, index) => `sku-${index}`);
/** Half of the skus are scarce, so that holds are refused, forwarded and pulled as well. */
const PLENTY = 400;
const SCARCE = 4;

const CLIENTS_PER_REGION = 4;
/** Longest wait between two attempts: the regions are back within a minute. */
const WAIT_MAX_MS = 1500;
/** A request that nobody answers for so long is a failure of the test. */
const PATIENCE_MS = 180_000;
/** Fetch gives up on a server that keeps silent; the gateway itself gives up after 29 s. */
const ANSWER_MS = 30_000;

const locationOf = (region: string): string => `in-${region}`;

/** What the clients were told. */
export interface Told {
  held: number;
  refused: number;
  retries: number;
  readonly confirmed: Map<string, string>;
  readonly shipped: Set<string>;
  counts: number;
  /** Requests that were answered with a failure, or not at all, and asked again. */
  readonly failed: string[];
  /** Answers that no client should ever see. */
  readonly odd: string[];
}

export const nothingTold = (): Told => ({
  held: 0,
  refused: 0,
  retries: 0,
  confirmed: new Map(),
  shipped: new Set(),
  counts: 0,
  failed: [],
  odd: [],
});

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;
const upTo = (most: number): number => 1 + Math.floor(Math.random() * most);
const isFinal = ({ status }: Answer): boolean => status < 500 && status !== 429;

class Client {
  readonly #test: TestStack;
  readonly #told: Told;
  readonly #region: string;

  constructor(test: TestStack, told: Told, region: string) {
    this.#test = test;
    this.#told = told;
    this.#region = region;
  }

  /** Mostly through its own region, at times through another. */
  #caller(): Caller {
    return this.#test.demoIn(Math.random() < 0.8 ? this.#region : pick(REGIONS));
  }

  /** Asks until there is an answer that says what became of it. A hold stays where it was asked for first. */
  async #ask(path: string, body: unknown, fixed?: Caller): Promise<Answer> {
    const idempotencyKey = this.#test.demo.nextKey();
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < giveUpAt; attempt += 1) {
      const caller = fixed ?? this.#caller();
      const answer = await Promise.race([
        caller.call(`POST ${path}`, body, { idempotencyKey }).catch(() => undefined),
        sleep(ANSWER_MS).then(() => undefined),
      ]);
      if (answer !== undefined && isFinal(answer)) return answer;
      this.#told.retries += 1;
      this.#told.failed.push(`${path}: ${answer?.status ?? 'no answer'} ${answer?.body?.code ?? ''}`);
      await sleep(Math.random() * Math.min(WAIT_MAX_MS, 50 * 2 ** attempt));
    }
    throw new Error(`Nobody answered POST ${path}`);
  }

  #expect(answer: Answer, what: string, statuses: readonly number[]): boolean {
    if (!statuses.includes(answer.status)) {
      this.#told.odd.push(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.status < 300;
  }

  async #order(): Promise<void> {
    const skus = [...new Set([pick(SKUS), ...(Math.random() < 0.4 ? [pick(SKUS)] : [])])];
    const lines = skus.map((sku) => ({ sku, quantity: upTo(3) }));
    const home = this.#test.demoIn(this.#region);
    const answer = await this.#ask('/reservations', { lines, ttlSeconds: 20 }, home);
    if (!this.#expect(answer, 'hold', [201, 409])) {
      this.#told.refused += 1;
      return;
    }
    this.#told.held += 1;
    await this.#goOn(answer.body.reservationId);
  }

  async #goOn(id: string): Promise<void> {
    const chance = Math.random();
    if (chance < 0.15) return;
    if (chance < 0.35) {
      this.#expect(await this.#ask(`/reservations/${id}/release`, {}), 'release', [200, 409]);
      return;
    }
    const orderId = `order-${id.slice(-12)}`;
    const confirmed = await this.#ask(`/reservations/${id}/confirm`, { orderId });
    if (!this.#expect(confirmed, 'confirm', [200, 409])) return;
    this.#told.confirmed.set(id, orderId);
    if (Math.random() < 0.3) return;
    const shipped = await this.#ask(`/reservations/${id}/ship`, {});
    if (this.#expect(shipped, 'ship', [200])) this.#told.shipped.add(id);
  }

  async #receive(): Promise<void> {
    const place = { sku: pick(SKUS), locationId: locationOf(pick(REGIONS)) };
    const answer = await this.#ask('/movements', { type: 'receipt', ...place, quantity: upTo(5) });
    this.#expect(answer, 'receipt', [201]);
  }

  /** A count of about what is thought to be there: a unit or two may be missing, or too many. */
  async #count(): Promise<void> {
    const [sku, locationId] = [pick(SKUS), locationOf(pick(REGIONS))];
    const stock = await this.#caller()
      .call(`GET /stock/${sku}`)
      .catch(() => undefined);
    const place = stock?.body.locations?.find(
      (each: { locationId: string }) => each.locationId === locationId,
    );
    const quantity = Math.max(0, (place?.onHand ?? 0) + upTo(4) - 2);
    const answer = await this.#ask('/movements', { type: 'count', sku, locationId, quantity });
    if (this.#expect(answer, 'count', [201])) this.#told.counts += 1;
  }

  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const chance = Math.random();
      if (chance < 0.9) await this.#order();
      else if (chance < 0.97) await this.#receive();
      else await this.#count();
      await sleep(Math.random() * 100);
    }
  }
}

/** A location in each region, and stock of every sku at all of them. */
export async function stockUpRegions({ demo }: TestStack): Promise<void> {
  for (const region of REGIONS) {
    await demo.expect(201, `PUT /locations/${locationOf(region)}`, { name: region, region });
  }
  for (const [index, sku] of SKUS.entries()) {
    await demo.expect(201, `PUT /products/${sku}`, { name: sku });
    for (const region of REGIONS) {
      const quantity = index % 2 === 0 ? PLENTY : SCARCE;
      const receipt = { type: 'receipt', sku, locationId: locationOf(region), quantity };
      await demo.expect(201, 'POST /movements', receipt);
    }
  }
}

/** How they are told to stop, and how many there are in each region. */
export interface Work {
  readonly stop: AbortSignal;
  readonly clientsPerRegion?: number;
}

/** Lets clients work in all regions until they are told to stop; resolves when each has its last answer. */
export async function workInAllRegions(
  test: TestStack,
  told: Told,
  { stop, clientsPerRegion = CLIENTS_PER_REGION }: Work,
): Promise<void> {
  const clients = REGIONS.flatMap((region) =>
    Array.from({ length: clientsPerRegion }, () => new Client(test, told, region)),
  );
  await Promise.all(clients.map((client) => client.work(stop)));
}
