import { describe, expect, it } from 'vitest';
import { compileGuard, compileUpdate } from '../../../../lib/adapters/dynamodb/expressions.ts';
import { ABSENT, type Condition, type FieldChange, PRESENT } from '../../../../lib/domain/guarded-write.ts';
import { update } from '../../../support/guarded-writes.ts';
import {
  confirmation,
  productRecord,
  quotaRecord,
  reservationRecord,
  shipmentRecord,
} from '../../../support/stored-records.ts';

const field = 'units';
const names = { '#units': 'units' };
const key = { '#pk': 'pk' };
const values = (...all: unknown[]) => Object.fromEntries(all.map((value, index) => [`:v${index}`, value]));

describe('a guard', () => {
  it.each<[Condition, string, Record<string, string>, Record<string, unknown> | undefined]>([
    [ABSENT, 'attribute_not_exists(#pk)', key, undefined],
    [PRESENT, 'attribute_exists(#pk)', key, undefined],
    [{ is: 'missing', field }, 'attribute_not_exists(#units)', names, undefined],
    [{ is: 'equal', field, value: 'a' }, '#units = :v0', names, values('a')],
    [{ is: 'notEqual', field, value: true }, '#units <> :v0', names, values(true)],
    [{ is: 'atLeast', field, value: 1 }, '#units >= :v0', names, values(1)],
    [
      { is: 'notAbove', field, value: 1 },
      '(attribute_not_exists(#units) OR #units <= :v0)',
      names,
      values(1),
    ],
    [{ is: 'greater', field, value: 1 }, '#units > :v0', names, values(1)],
    [{ is: 'sizeBelow', field, value: 9 }, 'size(#units) < :v0', names, values(9)],
    [{ is: 'oneOf', field, values: ['a', 'b'] }, '#units IN (:v0, :v1)', names, values('a', 'b')],
  ])('%j', (condition, expression, expectedNames, expectedValues) => {
    expect(compileGuard([condition])).toEqual({
      ConditionExpression: expression,
      ExpressionAttributeNames: expectedNames,
      ...(expectedValues !== undefined && { ExpressionAttributeValues: expectedValues }),
    });
  });

  it('joins its conditions, so that an alternative within one stays within it', () => {
    const guard = compileGuard([
      { is: 'notAbove', field, value: 0 },
      { is: 'equal', field: 'status', value: 'held' },
    ]);
    expect(guard).toEqual({
      ConditionExpression: '(attribute_not_exists(#units) OR #units <= :v0) AND #status = :v1',
      ExpressionAttributeNames: { '#units': 'units', '#status': 'status' },
      ExpressionAttributeValues: { ':v0': 0, ':v1': 'held' },
    });
  });

  it('is nothing without conditions', () => {
    expect(compileGuard([])).toEqual({});
  });
});

const add = (name: string, by: number): FieldChange => ({ change: 'add', field: name, by });
const set = (name: string, value: unknown): FieldChange => ({ change: 'set', field: name, value });
const append = (value: unknown): FieldChange => ({ change: 'append', field: 'history', value });

const quota = ['quota', quotaRecord()] as const;
const reservation = ['reservation', reservationRecord()] as const;
const held: Condition = { is: 'equal', field: 'status', value: 'held' };

const compile = (
  named: Parameters<typeof update>[0],
  changes: readonly FieldChange[],
  ...conditions: Condition[]
) => compileUpdate(update(named, changes, ...conditions), changes);

describe('an update', () => {
  it('adds, sets and appends', () => {
    const changes = [add('version', 1), set('status', 'confirmed'), append({ did: 'confirm' })];
    expect(compile(reservation, changes, held)).toEqual({
      UpdateExpression:
        'SET #status = :v1, #history = list_append(#history, :v2) ADD #version :v0 REMOVE #duePk, #dueSk',
      ConditionExpression: '#status = :v3',
      ExpressionAttributeNames: {
        '#version': 'version',
        '#status': 'status',
        '#history': 'history',
        '#duePk': 'duePk',
        '#dueSk': 'dueSk',
      },
      ExpressionAttributeValues: { ':v0': 1, ':v1': 'confirmed', ':v2': [{ did: 'confirm' }], ':v3': 'held' },
    });
  });

  it('writes the fields of the key when it may create the record', () => {
    const { ExpressionAttributeNames, ExpressionAttributeValues, UpdateExpression } = compile(
      quota,
      [add('available', 5)],
      { is: 'notEqual', field: 'recalled', value: true },
    );
    expect(UpdateExpression).toBe(
      'SET #tenantId = :v1, #sku = :v2, #locationId = :v3, #region = :v4, #shard = :v5 ADD #available :v0',
    );
    expect(ExpressionAttributeNames).toMatchObject({ '#tenantId': 'tenantId', '#shard': 'shard' });
    expect(ExpressionAttributeValues).toMatchObject({ ':v1': 'tenant', ':v5': 0 });
  });

  it.each<Condition>([
    PRESENT,
    { is: 'equal', field: 'version', value: 1 },
    { is: 'atLeast', field: 'available', value: 1 },
    { is: 'greater', field: 'available', value: 0 },
    { is: 'oneOf', field: 'version', values: [1] },
  ])('leaves them out when the record must be there: %j', (condition) => {
    expect(compile(quota, [add('available', -1)], condition).UpdateExpression).toBe('ADD #available :v0');
  });

  it.each(['shipped', 'cancelled', 'released', 'expired'])('leaves all open indexes when %s', (status) => {
    const { UpdateExpression } = compile(reservation, [set('status', status)], held);
    expect(UpdateExpression).toBe(
      'SET #status = :v0 REMOVE #duePk, #dueSk, #openPk, #openSk, #skus, #claims',
    );
  });

  it('enters the index of orders when the order is named', () => {
    const changes = [
      set('status', 'confirmed'),
      set('orderId', 'order#1'),
      append(confirmation({ atMs: 1_234, orderId: 'order#1' })),
    ];
    const { UpdateExpression, ExpressionAttributeValues } = compile(reservation, changes, held);
    expect(UpdateExpression).toContain('#orderPk = :v3, #orderSk = :v4');
    expect(ExpressionAttributeValues).toMatchObject({
      ':v3': 'T#tenant#ORDER#order#1',
      ':v4': '0000000001234#hash.us-east-1',
    });
  });
});

describe('an update that is a bug', () => {
  const shipment = ['shipment', shipmentRecord()] as const;
  const product = ['product', productRecord()] as const;

  it.each([
    ['sets nothing', quota, [set('recalled', undefined)], 'recalled set to nothing'],
    ['makes a hold', reservation, [set('status', 'held')], 'A hold is written whole'],
    ['names an order without a confirmation', reservation, [set('orderId', 'a')], 'comes with its confirm'],
    [
      'queues a confirmation',
      reservation,
      [append({ did: 'queue' })],
      'A queued confirmation is written whole',
    ],
    ['refuses one', reservation, [append({ did: 'refuse' })], 'A queued confirmation is written whole'],
    ['marks one', reservation, [set('queuedAtMs', 9)], 'Put the whole reservation'],
    ['moves an expiry', reservation, [set('expiresAtMs', 9)], 'Put the whole reservation'],
    ['settles a product', product, [set('settleDueAtMs', 9)], 'Put the whole product'],
    ['books a shipment', shipment, [set('bookingDueAtMs', 9)], 'Put the whole shipment'],
  ] as const)('%s', (_, named, changes, message) => {
    expect(() => compile(named, changes, PRESENT)).toThrow(message);
  });

  it.each([reservation, shipment, product])('creates a record that belongs into an index: %s', (...named) => {
    expect(() => compile(named as never, [add('version', 1)])).toThrow('it would be in no index');
  });
});
