import { movementIdOf } from '../../domain/booking.ts';
import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { Movement } from '../../domain/movement.ts';
import { isOpen, type Reservation } from '../../domain/reservation.ts';
import { stateOf } from '../../domain/reservation-state.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Change } from '../memory-table.ts';
import type { SimulatedWorld } from '../world.ts';
import { Balances } from './balances.ts';
import { type Homes, ownerOf } from './owners.ts';
import { stepFaults } from './transition-check.ts';
import { Violation } from './violation.ts';

export interface AuditorOptions {
  readonly homes: Homes;
  /** The most a clock is wrong. */
  readonly skewMaxMs: number;
}

/** Before and after, typed by the entity. */
type Step<Name extends EntityName> = {
  readonly before: EntityRecords[Name] | undefined;
  readonly after: EntityRecords[Name] | undefined;
};

interface LeftUnits {
  readonly sku: string;
  readonly locationId: string;
  readonly left: number;
}

/** Units that a reservation still claims, by line and allocation. */
function leftIn(reservation: Reservation | undefined): LeftUnits[] {
  if (reservation === undefined || !isOpen(reservation.status)) return [];
  return stateOf(reservation).lines.flatMap(({ sku, allocations }) =>
    allocations.map(({ locationId, left }) => ({ sku, locationId, left })),
  );
}

/**
 * Sees every write where it is made and keeps the balance of every unit: after each commit, whatever crashed
 * meanwhile, every unit is in exactly one place, and every item was written by its owner.
 */
export class Auditor {
  readonly balances = new Balances();
  readonly #world: SimulatedWorld;
  readonly #options: AuditorOptions;
  readonly #granted = new Set<string>();
  readonly #accepted = new Set<string>();
  /** Lines of shipments in the ledger, by the id of the movement that booked them. */
  readonly #booked = new Set<string>();
  readonly #handlers: { readonly [Name in EntityName]?: (step: Step<Name>) => void } = {
    stock: (step) => this.#stock(step),
    quota: (step) => this.#quota(step),
    grant: (step) => this.#grant(step),
    acceptance: (step) => this.#acceptance(step),
    shipment: (step) => this.#shipment(step),
    movement: (step) => this.#movement(step),
    reservation: (step) => this.#reservation(step),
    order: (step) => this.#order(step),
  };

  constructor(world: SimulatedWorld, stores: readonly MemoryStore[], options: AuditorOptions) {
    this.#world = world;
    this.#options = options;
    for (const store of stores) store.onChange((changes) => this.#heard(changes, store.region));
  }

  /** Grants that were ever made. */
  get grants(): number {
    return this.#granted.size;
  }

  #heard(changes: readonly Change[], region: string): void {
    for (const change of changes) {
      if (change.origin === 'replicated') return;
      const owner = ownerOf(change, this.#options.homes);
      if (owner !== undefined && owner !== region) {
        this.#fail(`${change.id} belongs to ${owner} and was written in ${region}`);
      }
      this.#handlers[change.entity]?.(change as never);
    }
    const [fault] = [...this.balances.faults(), ...this.#ledgerFaults(changes)];
    if (fault !== undefined) this.#fail(fault);
  }

  #fail(what: string): void {
    this.#world.time.fail(new Violation(what));
  }

  #stock({ before, after }: Step<'stock'>): void {
    const of = after ?? before;
    if (of === undefined) return;
    for (const count of ['onHand', 'keptBack', 'shortage'] as const) {
      this.balances.add(of, count, (after?.[count] ?? 0) - (before?.[count] ?? 0));
    }
  }

  #quota({ before, after }: Step<'quota'>): void {
    const of = after ?? before;
    if (of === undefined) return;
    this.balances.add(of, 'available', (after?.available ?? 0) - (before?.available ?? 0));
    const promised = (after?.promised ?? 0) - (before?.promised ?? 0);
    this.balances.add(of, 'promised', promised);
    this.balances.addToQuota(of, 'promised', promised);
    if ((after?.available ?? 0) < 0) this.#fail(`${of.sku} in ${of.region}: ${after?.available} available`);
  }

  #grant({ before, after }: Step<'grant'>): void {
    if (before === undefined && after !== undefined) {
      this.#granted.add(after.grantId);
      if (!this.#accepted.has(after.grantId)) this.balances.add(after, 'underWay', after.quantity);
    }
    if (after === undefined && before !== undefined && !this.#accepted.has(before.grantId)) {
      this.#fail(`grant ${before.grantId} was deleted and nobody had accepted it`);
    }
  }

  #acceptance({ before, after }: Step<'acceptance'>): void {
    if (before !== undefined || after === undefined) return;
    const { grantId } = after;
    if (!this.#granted.has(grantId)) this.#fail(`${grantId} was accepted and never granted`);
    if (this.#accepted.has(grantId)) this.#fail(`${grantId} was accepted twice`);
    this.#accepted.add(grantId);
    this.balances.add(after, 'underWay', -after.quantity);
  }

  #shipment({ before, after }: Step<'shipment'>): void {
    if (after === undefined) this.#fail(`shipment ${before?.shipmentId} was deleted`);
    if (before !== undefined || after === undefined) return;
    for (const { sku, quantity } of after.lines) {
      const isBooked = this.#booked.has(movementIdOf(after, sku));
      if (!isBooked) this.balances.add({ sku, locationId: after.locationId }, 'unbooked', quantity);
    }
  }

  #movement({ before, after }: Step<'movement'>): void {
    if (before !== undefined || after === undefined) {
      this.#fail(`movement ${before?.movementId} was changed`);
      return;
    }
    this.balances.add(after, 'ledger', after.delta);
    if (after.type !== 'shipment') return;
    this.#booked.add(after.movementId);
    this.balances.add(after, 'unbooked', -after.quantity);
  }

  /** The last movement of a place in a commit says what is on hand after it. */
  #ledgerFaults(changes: readonly Change[]): string[] {
    const booked = changes.flatMap(({ entity, after }) => (entity === 'movement' ? [after as Movement] : []));
    return booked.flatMap(({ sku, locationId, movementId, onHandAfter }) => {
      const { onHand } = this.balances.place(sku, locationId);
      const says = booked.some((each) => each.sku === sku && each.onHandAfter === onHand);
      return says ? [] : [`movement ${movementId} says ${onHandAfter} are on hand, and there are ${onHand}`];
    });
  }

  /** An order that was accepted stays as it is; one that failed may be tried again. */
  #order({ before, after }: Step<'order'>): void {
    const of = `order ${before?.orderId} of ${before?.reservationId}`;
    if (before?.status === 'accepted') this.#fail(`${of} was accepted, and is written again`);
    if (after === undefined) this.#fail(`${of} was deleted`);
  }

  #reservation({ before, after }: Step<'reservation'>): void {
    const of = after ?? before;
    if (of === undefined) return;
    const { region } = of;
    for (const { left, ...place } of leftIn(before)) {
      this.balances.addToQuota({ ...place, region }, 'open', -left);
    }
    for (const { left, ...place } of leftIn(after)) {
      this.balances.addToQuota({ ...place, region }, 'open', left);
    }
    const when = { nowMs: this.#world.time.now(), skewMaxMs: this.#options.skewMaxMs };
    const [fault] = stepFaults(before, after, when);
    if (fault !== undefined) this.#fail(`reservation ${formatReservationId(of)}: ${fault}`);
  }
}
