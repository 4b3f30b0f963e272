/** Random commits over few records, so that they often meet. */
import fc from 'fast-check';
import type { Condition, FieldChange, GuardedWrite } from '../../lib/domain/guarded-write.ts';
import type { Reservation, ReservationStatus } from '../../lib/domain/reservation.ts';
import { check, type Named, put, remove, update } from '../support/guarded-writes.ts';
import {
  acceptanceRecord,
  confirmation,
  demandRecord,
  grantRecord,
  linesOf,
  locationRecord,
  movementRecord,
  orderRecord,
  productRecord,
  quotaRecord,
  receiptRecord,
  reservationRecord,
  shipmentRecord,
  stockRecord,
} from '../support/stored-records.ts';

export const SKUS = ['a', 'b'];
export const REFERENCES = ['r1', 'r2'];
export const ORDERS = ['o1', 'o2'];
export const LOCATIONS = ['x', 'y'];

/** Whose records they are; each run has its own. */
export interface Owner {
  readonly tenantId: string;
  readonly region: string;
}

const sku = fc.constantFrom(...SKUS);
const locationId = fc.constantFrom(...LOCATIONS);
const units = fc.nat(5);
const time = fc.integer({ min: 1, max: 20 });
const version = fc.integer({ min: 1, max: 3 });
export const KEY_HASHES = ['h1', 'h2', 'h3'];

/** Another region, whose reservations and grants a replica shows as well. */
const ELSEWHERE = 'elsewhere';

const keyHash = fc.constantFrom(...KEY_HASHES);
const grantId = fc.constantFrom('g1', 'g2');

const optional = <Value>(name: string, value: fc.Arbitrary<Value>) =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [name]: given }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ is: 'absent' }),
  fc.constant<Condition>({ is: 'present' }),
  fc
    .constantFrom('recalled', 'orderId', 'settleDueAtMs', 'queuedAtMs')
    .map((field): Condition => ({ is: 'missing', field })),
  version.map((value): Condition => ({ is: 'equal', field: 'version', value })),
  fc.boolean().map((value): Condition => ({ is: 'notEqual', field: 'recalled', value })),
  units.map((value): Condition => ({ is: 'atLeast', field: 'available', value })),
  units.map((value): Condition => ({ is: 'notAbove', field: 'available', value })),
  version.map((value): Condition => ({ is: 'greater', field: 'version', value })),
  version.map((value): Condition => ({ is: 'sizeBelow', field: 'history', value })),
  fc
    .subarray<ReservationStatus>(['held', 'confirmed', 'released'], { minLength: 1 })
    .map((values): Condition => ({ is: 'oneOf', field: 'status', values })),
);
/** Mostly none: what is nearly always refused proves little. */
const conditions = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Condition[]>([]) },
  { weight: 1, arbitrary: fc.array(condition, { minLength: 1, maxLength: 2 }) },
);

const add = (field: string, by: number): FieldChange => ({ change: 'add', field, by });

/** Takes and give-backs as holds make them, and grants that may create the quota. */
function quotaChange(owner: Owner): fc.Arbitrary<GuardedWrite> {
  const quota = fc
    .record({ sku, locationId, shard: fc.nat(1) })
    .map((key) => ['quota', quotaRecord({ ...owner, ...key })] as const);
  const grant = fc.tuple(quota, units, fc.option(fc.boolean())).map(([named, quantity, recalled]) => {
    const changes = [add('available', quantity), add('promised', 0), add('version', 1)];
    if (recalled !== null) changes.push({ change: 'set', field: 'recalled', value: recalled });
    return update(named, changes, { is: 'notEqual', field: 'recalled', value: true });
  });
  const take = fc.tuple(quota, units).map(([named, quantity]) =>
    update(named, [add('available', -quantity), add('promised', quantity), add('version', 1)], {
      is: 'atLeast',
      field: 'available',
      value: quantity,
    }),
  );
  const giveBack = fc
    .tuple(quota, units)
    .map(([named, quantity]) =>
      update(
        named,
        [add('available', quantity), add('promised', -quantity), add('version', 1)],
        { is: 'atLeast', field: 'promised', value: quantity },
        { is: 'notEqual', field: 'recalled', value: true },
      ),
    );
  return fc.oneof(
    { weight: 2, arbitrary: grant },
    { weight: 2, arbitrary: take },
    { weight: 1, arbitrary: giveBack },
  );
}

/** A hold, one whose confirmation waits, or what became of one: then it was confirmed, perhaps under an order id. */
function reservation(owner: Owner): fc.Arbitrary<Reservation> {
  const fields = fc.record({ keyHash, expiresAtMs: time, createdAtMs: time, version });
  const parts = fc.tuple(
    fc.subarray(SKUS, { minLength: 1 }).map((skus) => ({ lines: linesOf(...skus) })),
    optional('reference', fc.constantFrom(...REFERENCES)),
  );
  const held = fc.constant<Partial<Reservation>>({ status: 'held' });
  const queued = fc
    .tuple(
      fc.constantFrom<ReservationStatus>('held', 'released'),
      time,
      optional('orderId', fc.constantFrom(...ORDERS)),
    )
    .map(([status, atMs, order]): Partial<Reservation> => {
      const entry = { did: 'queue', atMs, ...order } as const;
      return { status, queuedAtMs: atMs, history: [entry] };
    });
  const later = fc
    .tuple(
      fc.constantFrom<ReservationStatus>('confirmed', 'shipped', 'cancelled'),
      time,
      optional('orderId', fc.constantFrom(...ORDERS)),
    )
    .map(([status, atMs, order]) => ({ status, history: [confirmation({ atMs, ...order })], ...order }));
  const region = fc.oneof(
    { weight: 4, arbitrary: fc.constant(owner.region) },
    { weight: 1, arbitrary: fc.constant(ELSEWHERE) },
  );
  return fc
    .tuple(fields, parts, fc.oneof(held, queued, later), region)
    .map(([own, [lines, reference], state, writtenIn]) =>
      reservationRecord({ ...owner, region: writtenIn, ...own, ...lines, ...reference, ...state }),
    );
}

/** A whole record, with and without its optional fields. */
function record(owner: Owner): fc.Arbitrary<Named> {
  const { tenantId, region } = owner;
  const shipment = fc
    .tuple(fc.constantFrom('s1', 's2'), sku, time, optional('bookingDueAtMs', time))
    .map(([shipmentId, of, shippedAtMs, due]) =>
      shipmentRecord({
        tenantId,
        region,
        shipmentId,
        shippedAtMs,
        lines: [{ sku: of, quantity: 1 }],
        ...due,
      }),
    );
  const product = fc
    .tuple(sku, version, optional('settleDueAtMs', time))
    .map(([of, at, due]) => productRecord({ tenantId, sku: of, version: at, ...due }));
  // A movement's id is its own: two skus never share one, or the order of a location's list would be left to chance.
  const movement = fc
    .record({ sku, locationId, occurredAtMs: time, delta: units })
    .chain((fields) =>
      fc
        .constantFrom('m1', 'm2')
        .map((id) => movementRecord({ tenantId, ...fields, movementId: `${id}-${fields.sku}` })),
    );
  const grant = fc
    .record({ sku, locationId, grantId, quantity: units })
    .map((fields) => grantRecord({ tenantId, from: region, to: ELSEWHERE, ...fields }));
  const acceptance = fc
    .tuple(fc.record({ grantId, checkDueAtMs: time }), optional('absentSinceMs', time))
    .map(([fields, absent]) =>
      acceptanceRecord({ tenantId, from: ELSEWHERE, to: region, ...fields, ...absent }),
    );
  const receipt = fc
    .tuple(keyHash, fc.constantFrom(region, ELSEWHERE))
    .map(([hash, bookedIn]) => receiptRecord({ tenantId, keyHash: hash, region: bookedIn }));
  const order = fc
    .tuple(
      fc.record({ keyHash, orderId: fc.constantFrom(...ORDERS), region: fc.constantFrom(region, ELSEWHERE) }),
      version,
    )
    .map(([fields, at]) => orderRecord({ tenantId, ...fields, version: at }));
  const demand = fc
    .record({ sku, locationId, taken: units, version })
    .map((fields) => demandRecord({ tenantId, region, ...fields }));
  return fc.oneof(
    { weight: 2, arbitrary: grant.map((one): Named => ['grant', one]) },
    { weight: 2, arbitrary: acceptance.map((one): Named => ['acceptance', one]) },
    receipt.map((one): Named => ['movementReceipt', one]),
    order.map((one): Named => ['order', one]),
    demand.map((one): Named => ['demand', one]),
    { weight: 4, arbitrary: reservation(owner).map((one): Named => ['reservation', one]) },
    { weight: 2, arbitrary: shipment.map((one): Named => ['shipment', one]) },
    { weight: 2, arbitrary: product.map((one): Named => ['product', one]) },
    { weight: 2, arbitrary: movement.map((one): Named => ['movement', one]) },
    fc
      .record({ sku, locationId, onHand: units, version })
      .map((fields): Named => ['stock', stockRecord({ tenantId, region, ...fields })]),
    fc
      .record({ locationId, version })
      .map((fields): Named => ['location', locationRecord({ tenantId, ...fields })]),
  );
}

/** As a confirmation does it: in place, if the hold is there. */
const confirmed = ({ tenantId, region }: Owner) =>
  fc.tuple(keyHash, time, fc.option(fc.constantFrom(...ORDERS))).map(([hash, atMs, orderId]) => {
    const order = orderId === null ? {} : { orderId };
    const changes: FieldChange[] = [
      { change: 'set', field: 'status', value: 'confirmed' },
      add('version', 1),
      { change: 'append', field: 'history', value: confirmation({ atMs, ...order }) },
    ];
    if (orderId !== null) changes.push({ change: 'set', field: 'orderId', value: orderId });
    const named = ['reservation', reservationRecord({ tenantId, region, keyHash: hash })] as const;
    const isHeld: Condition = { is: 'oneOf', field: 'status', values: ['held'] };
    return update(named, changes, isHeld, { is: 'missing', field: 'queuedAtMs' });
  });

function write(owner: Owner): fc.Arbitrary<GuardedWrite> {
  const anyRecord = record(owner);
  return fc.oneof(
    { weight: 4, arbitrary: quotaChange(owner) },
    { weight: 7, arbitrary: fc.tuple(anyRecord, conditions).map(([named, all]) => put(named, ...all)) },
    { weight: 2, arbitrary: confirmed(owner) },
    fc.tuple(anyRecord, conditions).map(([named, all]) => remove(named, ...all)),
    fc.tuple(anyRecord, condition).map(([named, one]) => check(named, one)),
  );
}

/** A commit of one write or several, no record twice. */
export const commitOf = (owner: Owner): fc.Arbitrary<GuardedWrite[]> =>
  fc.oneof(
    { weight: 2, arbitrary: write(owner).map((one) => [one]) },
    {
      weight: 1,
      arbitrary: fc.uniqueArray(write(owner), {
        minLength: 2,
        maxLength: 4,
        selector: ({ entity, key }) => JSON.stringify([entity, Object.entries(key).sort()]),
      }),
    },
  );
