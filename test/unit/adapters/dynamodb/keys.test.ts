import { describe, expect, it } from 'vitest';
import { indexAttributes } from '../../../../lib/adapters/dynamodb/index-keys.ts';
import { itemKey, timeKey, timePosition } from '../../../../lib/adapters/dynamodb/keys.ts';
import { shardOf } from '../../../../lib/adapters/dynamodb/shards.ts';
import { INDEXES, TABLE_KEY } from '../../../../lib/config/table.ts';
import type { EntityKeys, EntityName } from '../../../../lib/domain/entities.ts';
import type { Named } from '../../../support/guarded-writes.ts';
import {
  confirmation,
  linesOf,
  movementRecord,
  productRecord,
  REGION,
  reservationRecord,
  shipmentRecord,
} from '../../../support/stored-records.ts';

const tenantId = 'acme';

describe('a primary key', () => {
  it.each<[EntityName, EntityKeys[EntityName], string, string]>([
    ['tenant', { tenantId }, 'T#acme', 'TENANT'],
    ['apiKey', { tenantId, keyId: 'k1' }, 'T#acme', 'KEY#k1'],
    ['apiKey', { tenantId: '~operator', keyId: 'k1' }, 'T#~operator', 'KEY#k1'],
    ['product', { tenantId, sku: 'a:1' }, 'T#acme#SKU#a:1', 'PRODUCT'],
    ['stock', { tenantId, sku: 'a', locationId: 'x' }, 'T#acme#SKU#a', 'STOCK#x'],
    [
      'quota',
      { tenantId, sku: 'a', locationId: 'x', region: REGION, shard: 7 },
      'T#acme#SKU#a',
      'QUOTA#x#us-east-1#07',
    ],
    ['location', { tenantId, locationId: 'x' }, 'T#acme#LOCATIONS', 'x'],
    ['grant', { tenantId, sku: 'a', grantId: 'g' }, 'T#acme#SKU#a', 'GRANT#g'],
    ['acceptance', { tenantId, grantId: 'g' }, 'T#acme#ACC#g', 'ACCEPTANCE'],
    ['demand', { tenantId, sku: 'a', locationId: 'x', region: REGION }, 'T#acme#SKU#a', 'DEMAND#x#us-east-1'],
    ['reservation', { tenantId, keyHash: 'h', region: REGION }, 'T#acme#RES#h', 'RESERVATION#us-east-1'],
    ['shipment', { tenantId, shipmentId: 's' }, 'T#acme#SHP#s', 'SHIPMENT'],
    [
      'movement',
      { tenantId, sku: 'a', occurredAtMs: 1_700_000_000_000, movementId: 'm' },
      'T#acme#LEDGER#a',
      '1700000000000#m',
    ],
    ['movementReceipt', { tenantId, keyHash: 'h', region: REGION }, 'T#acme#MOV#h', 'RECEIPT#us-east-1'],
    ['webhook', { tenantId, webhookId: 'w' }, 'T#acme', 'WEBHOOK#w'],
    [
      'delivery',
      { tenantId, webhookId: 'w', createdAtMs: 12, deliveryId: 'd' },
      'T#acme#HOOK#w',
      'DELIVERY#0000000000012#d',
    ],
    ['regionState', { region: REGION }, 'REGION#us-east-1', 'REGION'],
    ['retirement', { region: REGION, by: 'eu-west-1' }, 'REGION#us-east-1', 'RETIREMENT#eu-west-1'],
    ['auditWalk', { region: REGION }, 'REGION#us-east-1', 'AUDIT'],
    ['secret', { region: REGION, name: 'cursor' }, 'SECRET#us-east-1', 'cursor'],
  ])('of a %s is made of %j', (entity, key, pk, sk) => {
    expect(itemKey(entity, key as never)).toEqual({ [TABLE_KEY.partition]: pk, [TABLE_KEY.sort]: sk });
  });

  it.each([
    ['tenant', { tenantId: 'acme#SKU' }],
    ['product', { tenantId, sku: 'a#b' }],
    ['stock', { tenantId, sku: 'a', locationId: '#' }],
    ['apiKey', { tenantId, keyId: '' }],
    ['movement', { tenantId, sku: 'a', occurredAtMs: 1, movementId: 'm#' }],
  ] as const)('is never made of a part that could name another record: %s %j', (entity, key) => {
    expect(() => itemKey<EntityName>(entity, key)).toThrow('Not usable as a part of a key');
  });
});

describe('a time in a key', () => {
  it('sorts as the time does', () => {
    expect(timeKey(9) < timeKey(10)).toBe(true);
    expect(timePosition(9, 'z') < timePosition(10, 'a')).toBe(true);
  });

  it('has an end', () => {
    expect(timeKey(9_999_999_999_999)).toBe('9999999999999');
    for (const time of [-1, 1.5, 10_000_000_000_000, Number.NaN]) {
      expect(() => timeKey(time)).toThrow('Not a time');
    }
  });
});

const attributesOf = ([entity, record]: Named) => indexAttributes<EntityName>(entity, record, REGION);

describe('the index attributes', () => {
  it('of a hold of one sku', () => {
    const record = reservationRecord({ tenantId, keyHash: 'h', expiresAtMs: 5_000 });
    expect(attributesOf(['reservation', record])).toEqual({
      listPk: expect.stringMatching(/^T#acme#RESERVATIONS#[0-3]$/),
      listSk: '0000000001000#h.us-east-1',
      duePk: expect.stringMatching(/^DUE#us-east-1#([0-9]|1[0-5])$/),
      dueSk: '0000000005000#h',
      openPk: 'T#acme#OPEN#sku',
      openSk: '0000000001000#h.us-east-1',
      claims: expect.any(Array),
    });
  });

  it('of a confirmed reservation of several skus', () => {
    const record = reservationRecord({
      tenantId,
      keyHash: 'h',
      reference: 'cart#7',
      status: 'confirmed',
      orderId: 'o#1',
      lines: linesOf('b', 'a', 'b'),
      history: [{ did: 'extend', atMs: 2, expiresAtMs: 9 }, confirmation({ orderId: 'o#1', atMs: 3 })],
    });
    expect(attributesOf(['reservation', record])).toEqual({
      listPk: expect.any(String),
      listSk: '0000000001000#h.us-east-1',
      referencePk: 'T#acme#REF#cart#7',
      referenceSk: '0000000001000#h.us-east-1',
      orderPk: 'T#acme#ORDER#o#1',
      orderSk: '0000000000003#h.us-east-1',
      openPk: expect.stringMatching(/^T#acme#OPEN#\*[0-3]$/),
      openSk: '0000000001000#h.us-east-1',
      skus: ['b', 'a'],
      claims: expect.any(Array),
    });
  });

  it.each(['shipped', 'released', 'expired', 'cancelled'] as const)(
    'of a reservation that is %s keep it in its list only',
    (status) => {
      const attributes = attributesOf(['reservation', reservationRecord({ status })]);
      expect(Object.keys(attributes)).toEqual(['listPk', 'listSk']);
    },
  );

  it('of a shipment, until it is booked', () => {
    const record = shipmentRecord({ tenantId, shipmentId: 's', region: 'eu-west-1', bookingDueAtMs: 8 });
    expect(attributesOf(['shipment', record])).toEqual({
      duePk: expect.stringMatching(/^DUE#eu-west-1#/),
      dueSk: '0000000000008#s',
      openPk: 'T#acme#OPEN#sku',
      openSk: '0000000001700#s',
      claims: expect.any(Array),
    });
    expect(attributesOf(['shipment', shipmentRecord()])).toEqual({});
  });

  it('of a product, and while it is not settled', () => {
    const listed = { listPk: 'T#acme#PRODUCTS', listSk: 'a' };
    const record = productRecord({ tenantId, sku: 'a' });
    expect(attributesOf(['product', record])).toEqual(listed);
    expect(attributesOf(['product', { ...record, settleDueAtMs: 8 }])).toEqual({
      ...listed,
      duePk: expect.stringMatching(/^DUE#us-east-1#/),
      dueSk: '0000000000008#a',
    });
  });

  it('of a movement', () => {
    const record = movementRecord({ tenantId, movementId: 'm', locationId: 'x' });
    expect(attributesOf(['movement', record])).toEqual({
      listPk: expect.stringMatching(/^T#acme#LEDGER@x#[0-3]$/),
      listSk: '0000000001000#m',
    });
  });

  it('are attributes of the table', () => {
    const known: string[] = Object.values(INDEXES).flatMap((index) => [
      index.partition,
      index.sort,
      ...index.include,
    ]);
    const record = reservationRecord({ lines: linesOf('a', 'b'), reference: 'r' });
    expect(known).toEqual(expect.arrayContaining(Object.keys(attributesOf(['reservation', record]))));
  });
});

describe('a shard', () => {
  it('is the same for ever', () => {
    // A change of these loses what is stored already.
    expect(['', 'a', 'sku-1', '0123456789abcdef0123456789abcdef'].map((id) => shardOf(id, 16))).toEqual([
      5, 12, 12, 5,
    ]);
  });

  it('gets about as much as the others', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 16_000; index += 1) {
      const shard = shardOf(`id-${index}`, 16);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.min(...counts.values())).toBeGreaterThan(800);
    expect(Math.max(...counts.values())).toBeLessThan(1_200);
  });
});
