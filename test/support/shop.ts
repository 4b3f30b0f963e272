/** A shop with one sku at one location, and what its callers do most. */
import { acceptOrder } from '../../lib/application/accept-order.ts';
import { confirmLater } from '../../lib/application/confirm-later.ts';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { readStock } from '../../lib/application/read-stock.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import { reserveStock } from '../../lib/application/reserve-stock.ts';
import { formatReservationId, parseReservationId } from '../../lib/domain/identifiers.ts';
import type { Order } from '../../lib/domain/order.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import type { ConfirmCommand } from '../../lib/domain/reservation-changes.ts';
import { CALLER, REGION, TENANT, type World } from './world.ts';

const UNITS_DEFAULT = 10;

export class Shop {
  readonly world: World;
  #keys = 0;

  constructor(world: World) {
    this.world = world;
  }

  nextKey = () => ({ key: `key-${this.#keys++}`, fingerprint: 'same' });

  async open(units = UNITS_DEFAULT): Promise<void> {
    const { world } = this;
    const product = { sku: 'a', name: 'a', unit: 'each', attributes: {}, safetyStock: 0 };
    await putProduct(world, CALLER, { command: product, precondition: () => true });
    const location = { locationId: 'north', name: 'north', region: REGION, type: 'warehouse', priority: 1 };
    await putLocation(world, CALLER, { command: location, precondition: () => true });
    const command = { type: 'receipt', sku: 'a', locationId: 'north', quantity: units } as const;
    await recordMovement(world, CALLER, { command, idempotency: this.nextKey() });
  }

  async hold(quantity = 2, ttlSeconds = 60): Promise<string> {
    const command = { lines: [{ sku: 'a', quantity }], ttlSeconds, allowPartial: false, metadata: {} };
    const held = await reserveStock(this.world, CALLER, { command, idempotency: this.nextKey() });
    if (!held.ok) throw new Error(held.rejection.detail);
    return formatReservationId(held.value.reservation);
  }

  confirm(reservationId: string, command: ConfirmCommand = {}, idempotency = this.nextKey()) {
    return confirmReservation(this.world, CALLER, { reservationId, command, idempotency });
  }

  queue(reservationId: string, command: ConfirmCommand = {}, idempotency = this.nextKey()) {
    return confirmLater(this.world, CALLER, { reservationId, command, idempotency });
  }

  /** What a message of the order queue makes the worker do. */
  accept(reservationId: string, version = 1): Promise<readonly Order[]> {
    return acceptOrder(this.world, { tenantId: TENANT, reservationId, version });
  }

  async reservation(reservationId: string): Promise<Reservation> {
    const parts = parseReservationId(reservationId);
    const found = parts && (await this.world.store.get('reservation', { tenantId: TENANT, ...parts }));
    if (found === undefined) throw new Error(`${reservationId} is lost`);
    return found;
  }

  async didTo(reservationId: string): Promise<string[]> {
    return (await this.reservation(reservationId)).history.map(({ did }) => did);
  }

  async available(): Promise<number> {
    const stock = await readStock(this.world, TENANT, { sku: 'a', consistency: 'strong' });
    if (!stock.ok) throw new Error(stock.rejection.detail);
    return stock.value.locations.reduce((sum, { available }) => sum + available, 0);
  }
}
