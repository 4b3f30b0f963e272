import { expect, it } from 'vitest';
import type { DueWork, Store } from '../../lib/application/ports.ts';
import type { FieldChange } from '../../lib/domain/guarded-write.ts';
import { type Named, put, remove, storeAll, update } from '../support/guarded-writes.ts';
import {
  acceptanceRecord,
  confirmation,
  grantRecord,
  productRecord,
  reservationRecord,
  shipmentRecord,
} from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const NOW_MS = 10_000;
/** More than a store hands out at once. */
const TOO_MANY = 600;
const BATCH_MAX = 500;
/** Messages that a look takes. */
const MESSAGES_MAX = 100;

let regions = 0;

/** Due work is a region's, so these tests keep apart by region. */
function freshRegion(): string {
  regions += 1;
  return `region-${regions}`;
}

const idsOf = ({ reservations, shipments, products, acceptances, grants }: DueWork) => [
  ...reservations.map(({ keyHash }) => keyHash),
  ...shipments.map(({ shipmentId }) => shipmentId),
  ...products.map(({ sku }) => sku),
  ...acceptances.map(({ grantId }) => grantId),
  ...grants.map(({ grantId }) => grantId),
];

interface Case {
  readonly store: Store;
  readonly region: string;
  readonly tenantId: string;
}

export function testDueWork(open: OpenStore): void {
  const start = (): Case => {
    const region = freshRegion();
    return { store: open(region), region, tenantId: `of-${region}` };
  };
  const hold = ({ tenantId, region }: Case, keyHash: string, expiresAtMs: number): Named => [
    'reservation',
    reservationRecord({ tenantId, region, keyHash, expiresAtMs }),
  ];

  it('finds what is due at or before the time, the oldest first', async () => {
    const given = start();
    const { store, tenantId, region } = given;
    await storeAll(
      store,
      hold(given, 'past', NOW_MS - 1),
      hold(given, 'now', NOW_MS),
      hold(given, 'long-past', 1),
      hold(given, 'later', NOW_MS + 1),
      ['shipment', shipmentRecord({ tenantId, region, bookingDueAtMs: NOW_MS })],
      ['product', productRecord({ tenantId, sku: 'due', settleDueAtMs: NOW_MS })],
      ['acceptance', acceptanceRecord({ tenantId, to: region, grantId: 'g1', checkDueAtMs: NOW_MS })],
      ['acceptance', acceptanceRecord({ tenantId, to: region, grantId: 'g2', checkDueAtMs: NOW_MS + 1 })],
      ['grant', grantRecord({ tenantId, from: region, grantId: 'g3', checkDueAtMs: NOW_MS })],
      ['grant', grantRecord({ tenantId, from: region, grantId: 'g4', checkDueAtMs: NOW_MS + 1 })],
      ['grant', grantRecord({ tenantId, from: 'elsewhere', to: region, grantId: 'g5', checkDueAtMs: 1 })],
      ['product', productRecord({ tenantId, sku: 'later', settleDueAtMs: NOW_MS + 1 })],
      ['product', productRecord({ tenantId, sku: 'settled' })],
    );
    expect(idsOf(await store.dueWork(NOW_MS))).toEqual([
      'long-past',
      'past',
      'now',
      'shp.hash.nonce.3.0',
      'due',
      'g1',
      'g3',
    ]);
    expect(idsOf(await store.dueWork(0))).toEqual([]);
  });

  it('finds whole records', async () => {
    const given = start();
    const named = hold(given, 'hash', 1);
    await storeAll(given.store, named);
    expect((await given.store.dueWork(NOW_MS)).reservations).toEqual([named[1]]);
  });

  it('forgets a hold that was confirmed in place, and one that has ended', async () => {
    const given = start();
    const { store, tenantId, region } = given;
    const [confirmed, ended] = [hold(given, 'confirmed', 1), hold(given, 'ended', 1)];
    await storeAll(store, confirmed, ended, hold(given, 'left', 1));
    const changes: FieldChange[] = [
      { change: 'set', field: 'status', value: 'confirmed' },
      { change: 'add', field: 'version', by: 1 },
      { change: 'append', field: 'history', value: confirmation() },
    ];
    await store.commit([update(confirmed, changes, { is: 'equal', field: 'status', value: 'held' })]);
    const expired = reservationRecord({ tenantId, region, keyHash: 'ended', status: 'expired' });
    await store.commit([put(['reservation', expired])]);
    expect(idsOf(await store.dueWork(NOW_MS))).toEqual(['left']);
  });

  it('follows an expiry that moves', async () => {
    const given = start();
    const { store } = given;
    await storeAll(store, hold(given, 'hash', 1));
    await storeAll(store, hold(given, 'hash', NOW_MS + 5));
    expect(idsOf(await store.dueWork(NOW_MS))).toEqual([]);
    expect(idsOf(await store.dueWork(NOW_MS + 5))).toEqual(['hash']);
  });

  it('forgets a shipment that is booked and a product that is settled', async () => {
    const { store, tenantId, region } = start();
    const shipment = shipmentRecord({ tenantId, region });
    const product = productRecord({ tenantId });
    await storeAll(
      store,
      ['shipment', { ...shipment, bookingDueAtMs: 1 }],
      ['product', { ...product, settleDueAtMs: 1 }],
    );
    expect(idsOf(await store.dueWork(NOW_MS))).toHaveLength(2);
    await store.commit([put(['shipment', shipment])]);
    await store.commit([put(['product', product])]);
    expect(idsOf(await store.dueWork(NOW_MS))).toEqual([]);
  });

  it('finds the work of its region only, of all tenants', async () => {
    const given = start();
    const other = start();
    await storeAll(given.store, hold(given, 'mine', 1), hold({ ...given, tenantId: 'second' }, 'too', 1));
    await storeAll(other.store, hold(other, 'theirs', 1));
    // As replication brings it: work of another region in this one's database.
    const elsewhere = { tenantId: 'third', homeRegion: other.region, bookingDueAtMs: 1 };
    await storeAll(given.store, hold({ ...other, tenantId: 'third' }, 'theirs', 1), [
      'shipment',
      shipmentRecord(elsewhere),
    ]);
    expect(idsOf(await given.store.dueWork(NOW_MS)).toSorted()).toEqual(['mine', 'too']);
  });

  it('hands out a batch at once, and the rest when that is done', async () => {
    const given = start();
    const { store, tenantId, region } = given;
    const hash = (index: number) => `h${String(index).padStart(3, '0')}`;
    const holds = Array.from({ length: TOO_MANY }, (_, index) => hold(given, hash(index), 1 + index));
    await storeAll(store, ...holds);
    const first = await store.dueWork(NOW_MS);
    expect(first.reservations).toHaveLength(BATCH_MAX);
    expect(first.reservations.map(({ keyHash }) => keyHash)).toEqual(
      Array.from({ length: BATCH_MAX }, (_, index) => hash(index)),
    );
    const done = first.reservations.map(
      ({ keyHash }): Named => [
        'reservation',
        reservationRecord({ tenantId, region, keyHash, status: 'expired' }),
      ],
    );
    await storeAll(store, ...done);
    expect((await store.dueWork(NOW_MS)).reservations).toHaveLength(TOO_MANY - BATCH_MAX);
  });

  it('finds messages that nobody took, a look full of them, and they hide no other work', async () => {
    const given = start();
    const { store, region } = given;
    const kept = (index: number): Named => [
      'unsent',
      {
        region,
        channel: 'events',
        id: `evt.${index}/1`,
        message: '{}',
        attempts: 1,
        createdAtMs: 1,
        dueAtMs: 1 + index,
      },
    ];
    const others: Named[] = [kept(NOW_MS), ['unsent', { ...kept(1)[1], region: 'elsewhere' } as never]];
    const messages = Array.from({ length: TOO_MANY }, (_, index) => kept(index));
    await storeAll(store, ...messages, ...others, hold(given, 'overdue', NOW_MS));
    const { unsent, reservations } = await store.dueWork(NOW_MS);
    expect(reservations.map(({ keyHash }) => keyHash)).toEqual(['overdue']);
    expect(unsent).toHaveLength(MESSAGES_MAX);
    expect(messages.map(([, record]) => record)).toEqual(expect.arrayContaining([...unsent]));
    await store.commit([remove(messages[0] ?? hold(given, 'none', 1))]);
    expect((await store.dueWork(1)).unsent).toEqual([]);
  });
}
