import { expect, it } from 'vitest';
import type { Claims } from '../../lib/application/ports.ts';
import { type FieldChange, PRESENT } from '../../lib/domain/guarded-write.ts';
import { isOpen, type Reservation, type ReservationStatus } from '../../lib/domain/reservation.ts';
import type { Shipment } from '../../lib/domain/shipment.ts';
import { type Named, put, storeAll, update } from '../support/guarded-writes.ts';
import {
  confirmation,
  freshTenant,
  linesOf,
  reservationRecord,
  shipmentRecord,
} from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

/** Enough to be in every shard of what names several skus. */
const MANY = 16;

const reservation = (keyHash: string, given: Partial<Reservation>): Named => [
  'reservation',
  reservationRecord({ keyHash, ...given }),
];
const shipment = (shipmentId: string, given: Partial<Shipment>): Named => [
  'shipment',
  shipmentRecord({ shipmentId, bookingDueAtMs: 9, ...given }),
];

const idsOf = ({ reservations, unbookedShipments }: Claims) => ({
  reservations: reservations.map(({ keyHash }) => keyHash),
  shipments: unbookedShipments.map(({ shipmentId }) => shipmentId),
});

const STATES: readonly ReservationStatus[] = [
  'held',
  'confirmed',
  'partially_shipped',
  'shipped',
  'released',
  'expired',
  'cancelled',
];

export function testClaims(open: OpenStore): void {
  it('finds the open reservations that name a sku, alone or among others, the oldest first', async () => {
    const store = open();
    const tenantId = freshTenant();
    const several = Array.from({ length: MANY }, (_, index) =>
      reservation(`m${String(index).padStart(2, '0')}`, {
        tenantId,
        createdAtMs: 2_000 + index,
        lines: linesOf('other', index % 2 === 0 ? 'shirt' : 'shirt.2'),
      }),
    );
    await storeAll(
      store,
      ...several,
      reservation('alone', { tenantId, createdAtMs: 1_000, lines: linesOf('shirt') }),
      reservation('twice', { tenantId, createdAtMs: 3_000, lines: linesOf('shirt', 'shirt') }),
      reservation('none', { tenantId, lines: linesOf('other') }),
    );
    const even = ['m00', 'm02', 'm04', 'm06', 'm08', 'm10', 'm12', 'm14'];
    expect(idsOf(await store.claimsOn(tenantId, 'shirt'))).toEqual({
      reservations: ['alone', ...even, 'twice'],
      shipments: [],
    });
  });

  it('shows what an open reservation still claims, and follows a change in place', async () => {
    const store = open();
    const tenantId = freshTenant();
    const held = { tenantId, status: 'held' as const, expiresAtMs: 7_000 };
    await storeAll(
      store,
      reservation('one', { ...held, lines: linesOf('shirt') }),
      reservation('several', { ...held, lines: linesOf('shirt', 'shoe') }),
      reservation('none', { ...held, lines: linesOf('sock', 'shoe') }),
      shipment('shipped', { tenantId, lines: [{ sku: 'shirt', quantity: 1 }] }),
    );
    const claimOf = (sku: string) => ({ sku, locationId: 'location', units: 1 });
    expect(await store.claimsSeen(tenantId, 'shirt')).toEqual({
      claims: [
        { id: 'one.us-east-1', status: 'held', expiresAtMs: 7_000, claims: [claimOf('shirt')] },
        {
          id: 'several.us-east-1',
          status: 'held',
          expiresAtMs: 7_000,
          claims: [claimOf('shirt'), claimOf('shoe')],
        },
      ],
      isComplete: true,
    });
    const confirm: FieldChange = { change: 'set', field: 'status', value: 'confirmed' };
    await store.commit([
      update(reservation('one', { ...held, lines: linesOf('shirt') }), [confirm], PRESENT),
    ]);
    const after = await store.claimsSeen(tenantId, 'shirt');
    expect(after.claims.map(({ status }) => status)).toEqual(['confirmed', 'held']);
  });

  it('shows the claims on a sku in two parts: of carts that name it alone, and of those that name several', async () => {
    const store = open();
    const tenantId = freshTenant();
    const [one, twice, several, none] = [
      reservation('one', { tenantId, lines: linesOf('shirt') }),
      reservation('twice', { tenantId, lines: linesOf('shirt', 'shirt') }),
      reservation('several', { tenantId, lines: linesOf('shirt', 'shoe') }),
      reservation('none', { tenantId, lines: linesOf('sock', 'shoe') }),
    ];
    await storeAll(store, one, twice, several, none, shipment('sent', { tenantId, lines: [] }));
    await storeAll(
      store,
      reservation('theirs', { tenantId: freshTenant(), lines: linesOf('shirt', 'shoe') }),
    );
    const idsIn = (claims: readonly { readonly id: string }[]) =>
      claims.map(({ id }) => id.split('.')[0]).sort();
    expect(idsIn(await store.claimsSeenAlone(tenantId, 'shirt'))).toEqual(['one', 'twice']);
    expect(idsIn(await store.claimsSeenAlone(tenantId, 'shoe'))).toEqual([]);
    const among = await store.claimsSeenAmong(tenantId);
    expect(idsIn(among)).toEqual(['none', 'several']);
    expect(among.find(({ id }) => id.startsWith('several'))?.claims.map(({ sku }) => sku)).toEqual([
      'shirt',
      'shoe',
    ]);
  });

  it('shows the oldest claims alone, and says that there are more', async () => {
    const store = open();
    const tenantId = freshTenant();
    const held = (index: number) =>
      reservation(`h${index}`, { tenantId, createdAtMs: 1_000 + index, lines: linesOf('shirt') });
    await storeAll(store, ...Array.from({ length: 5 }, (_, index) => held(index)));
    const seen = await store.claimsSeen(tenantId, 'shirt', 3);
    expect(seen).toMatchObject({ claims: [{}, {}, {}], isComplete: false });
    expect(await store.claimsSeen(tenantId, 'shirt', 9)).toMatchObject({ isComplete: true });
  });

  it.each(STATES)('finds a reservation while it is open: %s', async (status) => {
    const store = open();
    const tenantId = freshTenant();
    for (const [keyHash, lines] of [
      ['one', linesOf('shirt')],
      ['several', linesOf('shirt', 'shoe')],
    ] as const) {
      const held = reservation(keyHash, { tenantId, lines });
      await storeAll(store, held);
      await store.commit([put(reservation(keyHash, { tenantId, lines, status }))]);
    }
    const { reservations } = idsOf(await store.claimsOn(tenantId, 'shirt'));
    expect(reservations).toEqual(isOpen(status) ? ['one', 'several'] : []);
  });

  it('still finds a reservation that was confirmed in place', async () => {
    const store = open();
    const tenantId = freshTenant();
    const named = reservation('hash', { tenantId, lines: linesOf('shirt', 'shoe') });
    await storeAll(store, named);
    const changes: FieldChange[] = [
      { change: 'set', field: 'status', value: 'confirmed' },
      { change: 'add', field: 'version', by: 1 },
      { change: 'append', field: 'history', value: confirmation() },
    ];
    await store.commit([update(named, changes, { is: 'equal', field: 'status', value: 'held' })]);
    const { reservations } = await store.claimsOn(tenantId, 'shoe');
    expect(reservations).toMatchObject([{ keyHash: 'hash', status: 'confirmed' }]);
  });

  it('finds the shipments that are not booked', async () => {
    const store = open();
    const tenantId = freshTenant();
    const line = (sku: string) => ({ sku, quantity: 1 });
    const { bookingDueAtMs, ...booked } = shipmentRecord({ tenantId, shipmentId: 's3', bookingDueAtMs: 9 });
    await storeAll(
      store,
      shipment('s1', { tenantId, lines: [line('shirt')], shippedAtMs: 2 }),
      shipment('s2', { tenantId, lines: [line('shoe'), line('shirt')], shippedAtMs: 1 }),
      shipment('s3', { tenantId, lines: [line('shirt')] }),
      shipment('s4', { tenantId, lines: [line('shoe'), line('sock')] }),
    );
    await store.commit([put(['shipment', { ...booked, lines: [line('shirt')] }])]);
    expect(idsOf(await store.claimsOn(tenantId, 'shirt'))).toEqual({
      reservations: [],
      shipments: ['s2', 's1'],
    });
  });

  it('finds the claims of its tenant only', async () => {
    const store = open();
    const [mine, other] = [freshTenant(), freshTenant()];
    const lines = linesOf('shirt', 'shoe');
    await storeAll(
      store,
      reservation('mine', { tenantId: mine, lines }),
      reservation('theirs', { tenantId: other, lines }),
      shipment('theirs', { tenantId: other, lines }),
    );
    expect(idsOf(await store.claimsOn(mine, 'shirt'))).toEqual({ reservations: ['mine'], shipments: [] });
  });
}
