import { expect, it } from 'vitest';
import type { RecordRef } from '../../lib/application/ports.ts';
import { keyIn, type Named, put, readBack, storeAll } from '../support/guarded-writes.ts';
import {
  acceptanceRecord,
  apiKeyRecord,
  confirmation,
  deliveryRecord,
  demandRecord,
  freshTenant,
  grantRecord,
  linesOf,
  locationRecord,
  movementRecord,
  productRecord,
  quotaRecord,
  REGION,
  receiptRecord,
  reservationRecord,
  secretRecord,
  shipmentRecord,
  stockRecord,
  tenantRecord,
  webhookRecord,
} from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const ODD_TEXT = 'Größe "XL" | 100 % 👕 # \\ \n';

/** Every kind of record with all of its optional fields. */
function fullRecords(tenantId: string): Named[] {
  const origin = { atMs: 5, keyHash: 'k', fingerprint: 'f' };
  const movement = movementRecord({ tenantId, reason: ODD_TEXT, reference: 'PO-1', delta: -3 });
  return [
    ['tenant', tenantRecord({ tenantId, name: ODD_TEXT })],
    ['apiKey', apiKeyRecord({ tenantId, scopes: [], name: '', revokedAtMs: 9 })],
    [
      'product',
      productRecord({
        tenantId,
        description: ODD_TEXT,
        attributes: { colour: 'red', 'a.b': '' },
        settleDueAtMs: 4,
      }),
    ],
    ['location', locationRecord({ tenantId, latitude: -33.865143, longitude: 1e-7, priority: -1 })],
    ['stock', stockRecord({ tenantId, onHand: 1_000_000_000_000, keptBack: 3, shortage: 2 })],
    ['quota', quotaRecord({ tenantId, recalled: false, shard: 12, version: Number.MAX_SAFE_INTEGER })],
    [
      'reservation',
      reservationRecord({
        tenantId,
        reference: ODD_TEXT,
        metadata: { note: ODD_TEXT },
        lines: [...linesOf('a', 'b'), { sku: 'c', locationId: 'x', quantity: 2, allocations: [] }],
        orderId: 'order',
        status: 'partially_shipped',
        version: 8,
        history: [
          { ...origin, did: 'release', units: [[0, 0, 1]] },
          { ...origin, did: 'extend', expiresAtMs: 77 },
          confirmation({ orderId: 'order', metadata: {}, leftOut: [] }),
          { ...origin, did: 'ship', units: [[1, 0, 1]], rest: [], carrier: 'c', trackingId: 't' },
          { ...origin, did: 'cancel' },
          { atMs: 6, did: 'expire' },
        ],
      }),
    ],
    ['shipment', shipmentRecord({ tenantId, bookingDueAtMs: 8 })],
    ['movement', movement],
    ['movementReceipt', receiptRecord({ tenantId, movement })],
    ['grant', grantRecord({ tenantId })],
    ['acceptance', acceptanceRecord({ tenantId, absentSinceMs: 9 })],
    ['demand', demandRecord({ tenantId })],
    [
      'webhook',
      webhookRecord({ tenantId, detailTypes: ['stock.out'], formerSecret: 'former', formerSecretUntilMs: 9 }),
    ],
    [
      'delivery',
      deliveryRecord({
        tenantId,
        body: ODD_TEXT,
        status: 'parked',
        parkedReason: 'gone',
        attempts: [
          { atMs: 1, error: 'TIMEOUT' },
          { atMs: 2, statusCode: 410 },
        ],
      }),
    ],
    ['secret', secretRecord({ region: tenantId })],
    ['regionState', { region: tenantId, status: 'draining', drainedAtMs: 4, beatAtMs: 5, version: 2 }],
    ['retirement', { region: tenantId, by: REGION, retiredAtMs: 5 }],
    ['auditWalk', { region: tenantId, after: 'a', done: 1, startedAtMs: 5, finishedAtMs: 4, version: 2 }],
  ];
}

/** Every kind of record without any optional field. */
const plainRecords = (tenantId: string): Named[] => [
  ['tenant', tenantRecord({ tenantId })],
  ['apiKey', apiKeyRecord({ tenantId })],
  ['product', productRecord({ tenantId })],
  ['location', locationRecord({ tenantId })],
  ['stock', stockRecord({ tenantId })],
  ['quota', quotaRecord({ tenantId })],
  ['reservation', reservationRecord({ tenantId })],
  ['shipment', shipmentRecord({ tenantId })],
  ['movement', movementRecord({ tenantId })],
  ['movementReceipt', receiptRecord({ tenantId })],
  ['acceptance', acceptanceRecord({ tenantId })],
  ['regionState', { region: tenantId, status: 'active', beatAtMs: 5, version: 1 }],
  ['auditWalk', { region: tenantId, startedAtMs: 5, version: 1 }],
];

const refOf = ([entity, record]: Named): RecordRef => ({ entity, key: keyIn(entity, record) }) as RecordRef;

export function testReads(open: OpenStore): void {
  it.each([
    ['all', fullRecords],
    ['no', plainRecords],
  ] as const)('keeps every record with %s optional fields as it was given', async (_, make) => {
    const store = open();
    const records = make(freshTenant());
    await storeAll(store, ...records);
    for (const named of records) expect(await readBack(named, store)).toEqual(named[1]);
  });

  it('refuses, as a bug, a record with a field set to nothing', async () => {
    const quota = { ...quotaRecord({ tenantId: freshTenant() }), recalled: undefined };
    await expect(open().commit([put(['quota', quota as never])])).rejects.toThrow();
  });

  it('reads many in the order they were asked for, each as often, and none for what is absent', async () => {
    const store = open();
    const tenantId = freshTenant();
    const records = fullRecords(tenantId);
    await storeAll(store, ...records);
    const absent: RecordRef = { entity: 'stock', key: { tenantId, sku: 'absent', locationId: 'x' } };
    const asked = [...records, ...records].reverse();
    const read = await store.getMany([absent, ...asked.map(refOf), absent], 'strong');
    expect(read).toEqual([undefined, ...asked.map(([, record]) => record), undefined]);
    expect(await store.getMany([], 'eventual')).toEqual([]);
  });

  it('reads more than a batch of DynamoDB holds', async () => {
    const store = open();
    const tenantId = freshTenant();
    const records = Array.from(
      { length: 230 },
      (_, index): Named => ['stock', stockRecord({ tenantId, sku: `sku-${index}`, onHand: index })],
    );
    await storeAll(store, ...records);
    const read = await store.getMany(records.map(refOf), 'strong');
    expect(read).toEqual(records.map(([, record]) => record));
  });

  it('reads all that is kept of a sku, and of no other', async () => {
    const store = open();
    const tenantId = freshTenant();
    const product = productRecord({ tenantId, sku: 'sku' });
    const stocks = ['a', 'b'].map((locationId) => stockRecord({ tenantId, locationId }));
    const quotas = ['a', 'b', 'b'].map((locationId, shard) => quotaRecord({ tenantId, locationId, shard }));
    const grants = ['g1', 'g2'].map((grantId) => grantRecord({ tenantId, grantId }));
    const demands = ['a', 'b'].map((locationId) => demandRecord({ tenantId, locationId }));
    await storeAll(
      store,
      ...grants.map((grant): Named => ['grant', grant]),
      ...demands.map((demand): Named => ['demand', demand]),
      ['acceptance', acceptanceRecord({ tenantId })],
      ['product', product],
      ...stocks.map((stock): Named => ['stock', stock]),
      ...quotas.map((quota): Named => ['quota', quota]),
      ['product', productRecord({ tenantId, sku: 'sku.2' })],
      ['stock', stockRecord({ tenantId, sku: 'sku.2' })],
      ['quota', quotaRecord({ tenantId: freshTenant() })],
    );
    expect(await store.readSku(tenantId, 'sku', 'strong')).toEqual({
      product,
      stocks,
      quotas,
      grants,
      demands,
    });
    expect(await store.readSku(tenantId, 'other', 'eventual')).toEqual({
      product: undefined,
      stocks: [],
      quotas: [],
      grants: [],
      demands: [],
    });
  });

  it('reads all locations of a tenant, and of no other', async () => {
    const store = open();
    const tenantId = freshTenant();
    const locations = ['a', 'b', 'TENANT'].map((locationId) => locationRecord({ tenantId, locationId }));
    await storeAll(
      store,
      ...locations.map((location): Named => ['location', location]),
      ['tenant', tenantRecord({ tenantId })],
      ['location', locationRecord({ tenantId: `${tenantId}.2` })],
    );
    const read = await store.locations(tenantId);
    expect(read.map(({ locationId }) => locationId).toSorted()).toEqual(['TENANT', 'a', 'b']);
    expect(read).toEqual(expect.arrayContaining(locations));
  });

  it('answers a ping', async () => {
    await expect(open().ping()).resolves.toBeUndefined();
  });
}
