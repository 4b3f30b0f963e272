/** Holdfast's own use cases as a protocol of the comparison: in all regions, or in one home region. */
import { confirmReservation } from '../../application/confirm-reservation.ts';
import { createTenant } from '../../application/manage-keys.ts';
import { StoreUnavailableError } from '../../application/ports.ts';
import { putLocation } from '../../application/put-location.ts';
import { putProduct } from '../../application/put-product.ts';
import { recordMovement } from '../../application/record-movement.ts';
import { releaseReservation } from '../../application/release-reservation.ts';
import { reserveStock } from '../../application/reserve-stock.ts';
import { shipReservation } from '../../application/ship-reservation.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { SimulatedWorld } from '../world.ts';
import { HOME, TTL_SECONDS } from './assumptions.ts';
import { Fleet, type FleetDependencies } from './fleet.ts';
import { FreeUnits } from './free-units.ts';
import type { Held, Protocol } from './protocol.ts';
import { type DemandShape, type Purchase, skusOf } from './scenario.ts';

export const TENANT = 'tenant';
const LOCATION = 'warehouse';
const CALLER = { tenantId: TENANT, actor: 'comparison' };

/** Until all regions know the catalogue. */
const SETTLE_MS = 10_000;

/** How a request from a region gets to the environment that serves it. */
export interface Way {
  /** The region whose environment serves requests of a region. */
  readonly servedIn: (region: string) => string;
  /** Waits until the request, or its answer, has arrived; rejects when it never will. */
  readonly travel: (from: string, to: string) => Promise<void>;
}

interface Where {
  readonly name: string;
  readonly regions: readonly string[];
  readonly shape: DemandShape;
  readonly way: Way;
}

export class ServiceProtocol implements Protocol {
  readonly name: string;
  readonly fleet: Fleet;
  readonly #free: FreeUnits;
  readonly #world: SimulatedWorld;
  readonly #where: Where;
  #movements = 0;

  constructor(world: SimulatedWorld, where: Where) {
    this.name = where.name;
    this.#world = world;
    this.#where = where;
    this.fleet = new Fleet(world, where.regions);
    this.#free = new FreeUnits(this.fleet.stores);
  }

  async open(): Promise<void> {
    const deps = this.fleet.serving(HOME);
    const precondition = () => true;
    await createTenant(deps, { tenantId: TENANT, name: 'demo', tier: 'unlimited', homeRegion: HOME });
    const location = { locationId: LOCATION, name: LOCATION, region: HOME, type: 'warehouse', priority: 1 };
    await putLocation(deps, CALLER, { command: location, precondition });
    const { shape } = this.#where;
    for (const sku of skusOf(shape)) {
      const command = { sku, name: sku, unit: 'each', attributes: {}, safetyStock: 0 };
      await putProduct(deps, CALLER, { command, precondition });
    }
    await this.#world.time.sleep(SETTLE_MS);
    for (const sku of skusOf(shape)) await this.restock(sku, shape.firstUnits);
    await this.#world.time.sleep(SETTLE_MS);
  }

  async hold(purchase: Purchase): Promise<Held> {
    const { number, sku, quantity } = purchase;
    let isLocal = true;
    const onRemote = () => {
      isLocal = false;
    };
    const command = {
      lines: [{ sku, quantity }],
      ttlSeconds: TTL_SECONDS,
      allowPartial: false,
      metadata: {},
    };
    const idempotency = { key: `hold-${number}`, fingerprint: sku };
    const held = await this.#request(purchase, onRemote, (deps) =>
      reserveStock(deps, CALLER, { command, idempotency }),
    );
    if (held === undefined) return { outcome: 'failed', isLocal };
    if (held.ok) return { outcome: 'held', id: formatReservationId(held.value.reservation), isLocal };
    const isSoldOut = held.rejection.code === 'insufficient_stock';
    return { outcome: isSoldOut ? 'refused' : 'failed', isLocal };
  }

  async confirm(purchase: Purchase, id: string): Promise<boolean> {
    const request = { ...this.#change(purchase, id), command: {} };
    const confirmed = await this.#request(purchase, undefined, (deps) =>
      confirmReservation(deps, CALLER, request),
    );
    return confirmed?.ok === true;
  }

  async ship(purchase: Purchase, id: string): Promise<void> {
    const request = this.#change(purchase, id);
    await this.#request(purchase, undefined, (deps) => shipReservation(deps, CALLER, request));
  }

  async release(purchase: Purchase, id: string): Promise<void> {
    const request = this.#change(purchase, id);
    await this.#request(purchase, undefined, (deps) => releaseReservation(deps, CALLER, request));
  }

  async restock(sku: string, units: number): Promise<void> {
    this.#movements += 1;
    const command = { type: 'receipt', sku, locationId: LOCATION, quantity: units } as const;
    const idempotency = { key: `movement-${this.#movements}`, fingerprint: sku };
    const booked = await recordMovement(this.fleet.serving(HOME), CALLER, { command, idempotency });
    if (!booked.ok) throw new Error(`A receipt was refused: ${booked.rejection.code}`);
  }

  free(sku: string): number {
    return this.#free.of(sku);
  }

  onFree(listener: (sku: string, free: number) => void): void {
    this.#free.onChange(listener);
  }

  close(): void {
    this.fleet.close();
  }

  #change({ number }: Purchase, reservationId: string) {
    return { reservationId, idempotency: { key: `change-${number}`, fingerprint: reservationId } };
  }

  /** Runs a use case where the region's requests are served; `undefined` when it could not be. */
  async #request<Answer>(
    { region }: Purchase,
    onRemote: (() => void) | undefined,
    run: (deps: FleetDependencies) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { servedIn, travel } = this.#where.way;
    const server = servedIn(region);
    try {
      if (server !== region) onRemote?.();
      await travel(region, server);
      const answer = await run(this.fleet.serving(server, onRemote));
      await travel(server, region);
      return answer;
    } catch (error) {
      if (error instanceof StoreUnavailableError) return undefined;
      throw error;
    }
  }
}
