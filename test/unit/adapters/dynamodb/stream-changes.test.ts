import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../../../lib/adapters/dynamodb/items.ts';
import { readParkedChanges, readStreamEvent } from '../../../../lib/adapters/dynamodb/stream-changes.ts';
import type { EntityName, EntityRecords } from '../../../../lib/domain/entities.ts';
import {
  acceptanceRecord,
  apiKeyRecord,
  confirmation,
  demandRecord,
  grantRecord,
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
} from '../../../support/stored-records.ts';

type Item = Readonly<Record<string, unknown>>;

let shown = 0;

/** A record of the stream as Lambda hands it over. */
function streamed({ before, after }: { readonly before?: Item; readonly after?: Item }) {
  const { pk, sk } = after ?? before ?? {};
  shown += 1;
  return {
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      ApproximateCreationDateTime: 1_764_000_000,
      Keys: marshall({ pk, sk }),
      ...(before !== undefined && { OldImage: marshall(before) }),
      ...(after !== undefined && { NewImage: marshall(after) }),
      SequenceNumber: String(shown),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

const itemOf = <Name extends EntityName>(entity: Name, record: EntityRecords[Name]): Item =>
  toItem(entity, record, REGION);

const read = (...records: readonly object[]) => readStreamEvent({ Records: records });

const HANDLED: { readonly [Name in EntityName]?: EntityRecords[Name] } = {
  grant: grantRecord(),
  acceptance: acceptanceRecord(),
  stock: stockRecord({ recalled: true, recallVersion: 3 }),
  quota: quotaRecord({ taken: 7 }),
  product: productRecord({ settleDueAtMs: 5 }),
  shipment: shipmentRecord({ bookingDueAtMs: 5 }),
  movement: movementRecord({ region: REGION, stockVersion: 2 }),
  regionState: { region: REGION, status: 'active', version: 1, beatAtMs: 1 },
  reservation: reservationRecord({ history: [confirmation()], status: 'confirmed', version: 2 }),
};

const NOT_HANDLED: { readonly [Name in EntityName]?: EntityRecords[Name] } = {
  tenant: tenantRecord(),
  apiKey: apiKeyRecord(),
  location: locationRecord(),
  demand: demandRecord(),
  movementReceipt: receiptRecord(),
  secret: secretRecord(),
  retirement: { region: REGION, by: 'eu-west-1', retiredAtMs: 1 },
  auditWalk: { region: REGION, startedAtMs: 1, version: 1 },
};

const rowsOf = (records: { readonly [Name in EntityName]?: EntityRecords[Name] }) =>
  Object.entries(records) as [EntityName, EntityRecords[EntityName]][];

describe('a change of the stream', () => {
  it.each(rowsOf(HANDLED))('of a %s is its record as it was and as it is', (entity, record) => {
    const item = itemOf(entity, record);
    const [created, changed, deleted] = read(
      streamed({ after: item }),
      streamed({ before: item, after: item }),
      streamed({ before: item }),
    );
    expect(created?.change).toEqual({ entity, after: record });
    expect(changed?.change).toEqual({ entity, before: record, after: record });
    expect(deleted?.change).toEqual({ entity, before: record });
  });

  it('says where it stands in the stream and when it was committed', () => {
    const record = streamed({ after: itemOf('grant', grantRecord()) });
    expect(read(record)).toMatchObject([
      {
        position: record.dynamodb.SequenceNumber,
        recordKey: 'T#tenant#SKU#sku|GRANT#grant',
        committedAtMs: 1_764_000_000_000,
        raw: record,
      },
    ]);
  });

  it.each(rowsOf(NOT_HANDLED))('of a %s is passed over', (entity, record) => {
    expect(read(streamed({ after: itemOf(entity, record) }))).toEqual([]);
  });

  it.each(['PRODUCT', 'ACCEPTANCE', 'SHIPMENT', 'GRANT', 'STOCK', 'REGION', 'constructor'])(
    'of a location that is called %s is passed over',
    (locationId) => {
      expect(read(streamed({ after: itemOf('location', locationRecord({ locationId })) }))).toEqual([]);
    },
  );

  it('that cannot be read comes with its fault, and the others all the same', () => {
    const grant = itemOf('grant', grantRecord());
    const read3 = read(
      streamed({ after: { ...grant, quantity: -1 } }),
      streamed({ before: { ...grant, reason: 'nothing' }, after: grant }),
      streamed({ after: grant }),
    );
    expect(read3.map(({ change }) => change !== undefined)).toEqual([false, false, true]);
    expect(read3[0]?.fault?.message).toContain('T#tenant#SKU#sku|GRANT#grant');
  });

  it('with an attribute of no known type comes with its fault', () => {
    const record = streamed({ after: itemOf('grant', grantRecord()) });
    const odd = { ...record.dynamodb, NewImage: { ...record.dynamodb.NewImage, quantity: { X: '1' } } };
    expect(read({ ...record, dynamodb: odd })[0]?.fault).toBeInstanceOf(Error);
  });

  it('keeps fields that a newer version wrote', () => {
    const item = { ...itemOf('grant', grantRecord()), later: 1 };
    expect(read(streamed({ after: item }))[0]?.change?.after).toEqual({ ...grantRecord(), later: 1 });
  });

  it('that is no record of a table comes with its fault, in its place', () => {
    expect(read({ dynamodb: { SequenceNumber: '7', Keys: 1 } })).toMatchObject([
      { position: '7', fault: expect.any(Error) },
    ]);
  });

  it.each([[undefined], [{}], [{ Records: [{ s3: {} }] }]])('is not found in %j', (event) => {
    expect(() => readStreamEvent(event)).toThrow();
  });
});

describe('a change that was parked', () => {
  const message = (messageId: string, body: string) => ({ eventSource: 'aws:sqs', messageId, body });
  const record = streamed({ after: itemOf('grant', grantRecord()) });

  it('is read from its message, and stands where the message does', () => {
    expect(readParkedChanges({ Records: [message('m', JSON.stringify(record))] })).toMatchObject([
      { position: 'm', committedAtMs: 1_764_000_000_000, change: { entity: 'grant' }, raw: record },
    ]);
  });

  it.each(['', 'nothing', '{}', '{"dynamodb":{}}'])(
    'is faulty with a body %j, whose words are kept',
    (body) => {
      const [read] = readParkedChanges({ Records: [message('m', body)] }) ?? [];
      expect(read).toMatchObject({ position: 'm', fault: expect.any(Error) });
      expect(typeof read?.raw === 'string' ? read.raw : JSON.stringify(read?.raw)).toBe(body);
    },
  );

  it('is not looked for in a stream', () => {
    expect(readParkedChanges({ Records: [record] })).toBeUndefined();
  });
});
