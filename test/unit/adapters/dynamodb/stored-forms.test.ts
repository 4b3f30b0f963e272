import { marshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPACT_ALLOCATIONS } from '../../../../lib/adapters/dynamodb/compact-allocations.ts';
import { fromItem, type Item, toItem } from '../../../../lib/adapters/dynamodb/items.ts';
import {
  changingEntities,
  currentVersion,
  stepOf,
  upgraded,
  versionOf,
} from '../../../../lib/adapters/dynamodb/stored-forms.ts';
import { readStreamEvent } from '../../../../lib/adapters/dynamodb/stream-changes.ts';
import { assertWrites } from '../../../../lib/adapters/dynamodb/write-rules.ts';
import { type Condition, PRESENT } from '../../../../lib/domain/guarded-write.ts';
import type { Reservation, ReservationLine } from '../../../../lib/domain/reservation.ts';
import { itemSize } from '../../../../lib/local/meter/item-size.ts';
import { Consumer } from '../../../support/changes.ts';
import { STORED_SCHEMAS as FIRST_RELEASE } from '../../../support/first-release/stored-schemas.ts';
import { update } from '../../../support/guarded-writes.ts';
import { oldItem } from '../../../support/previous-release/old-item.ts';
import { STORED_SCHEMAS as PREVIOUS_RELEASE } from '../../../support/previous-release/stored-schemas.ts';
import {
  confirmation,
  linesOf,
  REGION,
  reservationRecord,
  stockRecord,
} from '../../../support/stored-records.ts';

const newItem = (record: Reservation): Item => toItem('reservation', record, REGION);

const text = fc.string({ minLength: 1 });
const units = fc.nat(1_000_000);
const allocation = fc.record({ locationId: text, region: text, shard: units, quantity: units });
const line: fc.Arbitrary<ReservationLine> = fc.record(
  {
    sku: fc.stringMatching(/^[a-z0-9]{1,9}$/),
    locationId: text,
    quantity: units,
    allocations: fc.array(allocation),
  },
  { requiredKeys: ['sku', 'quantity', 'allocations'] },
);
const records = fc
  .array(line, { minLength: 1 })
  .map((lines) => reservationRecord({ lines, status: 'released' }));

describe('the form of a reservation', () => {
  it('is read alike from both versions, and upgraded is what is written', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(fromItem('reservation', oldItem(record))).toEqual(record);
        expect(fromItem('reservation', newItem(record))).toEqual(record);
        const { lines } = newItem(record);
        expect(upgraded(COMPACT_ALLOCATIONS, oldItem(record))).toEqual({ lines });
        expect(COMPACT_ALLOCATIONS.downgrade({ lines })).toEqual({ lines: record.lines });
      }),
    );
  });

  it('saves 29 bytes for each allocation, and costs 3', () => {
    const record = reservationRecord({ lines: linesOf('a', 'b'), status: 'released' });
    const allocations = record.lines.reduce((sum, each) => sum + each.allocations.length, 0);
    const saved = itemSize(marshall(oldItem(record))) - itemSize(marshall(newItem(record)));
    expect(saved).toBe(29 * allocations - 3);
  });

  it('of another version is refused, and said what to do', () => {
    const item = newItem(reservationRecord());
    const read = (v: unknown) => () => fromItem('reservation', { ...item, v });
    const where = 'The reservation stored as T#tenant#RES#';
    expect(read(3)).toThrow(where);
    expect(read(3)).toThrow('has schema version 3, and this release reads 1 and 2: deploy a newer release');
    expect(read(0)).toThrow('has schema version 0, and this release reads 1 and 2: an older release must');
    expect(read('2')).toThrow('has schema version 2');
    const stock = toItem('stock', stockRecord(), REGION);
    expect(() => fromItem('stock', { ...stock, v: 2 })).toThrow('this release reads 1 only: deploy');
  });

  it('means nothing to the stream when it changes: nothing happened, and nothing is told', async () => {
    const consumer = new Consumer(REGION);
    const record = reservationRecord({ history: [confirmation()], status: 'confirmed', version: 2 });
    const { pk, sk } = newItem(record);
    const shown = {
      ApproximateCreationDateTime: consumer.regions.clock.now() / 1_000,
      Keys: marshall({ pk, sk }),
      OldImage: marshall(oldItem(record)),
      NewImage: marshall(newItem(record)),
      SequenceNumber: '1',
    };
    const records = readStreamEvent({ Records: [{ dynamodb: shown }] });
    expect(records).toMatchObject([{ change: { before: record, after: record } }]);
    const { failed, parked, sent, kept } = await consumer.complete(records);
    expect([failed, parked]).toEqual([[], 0]);
    expect(Object.values({ ...sent, ...kept }).filter((count) => count !== 0)).toEqual([]);
    expect(Object.values(sent).length).toBeGreaterThan(0);
    expect(consumer.events).toEqual([]);
  });

  it('that is not what its version says is refused', () => {
    const record = reservationRecord({ lines: linesOf('a') });
    expect(() => fromItem('reservation', { ...oldItem(record), v: 2 })).toThrow('cannot be read');
    expect(() => fromItem('reservation', { ...newItem(record), v: 1 })).toThrow('cannot be read');
    const lines = record.lines.map((each) => ({
      ...each,
      allocations: each.allocations.map((one) => ({ ...one, lot: 'L1' })),
    }));
    expect(() => newItem({ ...record, lines })).toThrow('lot');
  });
});

describe('the stored forms of a release', () => {
  it('stamp no item of a first version', () => {
    expect(toItem('stock', stockRecord(), REGION)).not.toHaveProperty('v');
    expect(newItem(reservationRecord())['v']).toBe(2);
  });

  it('are one version ahead of the release before, which reads them and writes its own', () => {
    for (const entity of changingEntities()) {
      const before = PREVIOUS_RELEASE[entity];
      expect(before?.step).toBe(stepOf(entity));
      expect(before?.writes).toBe('previous');
      expect(FIRST_RELEASE[entity]).toBeUndefined();
      expect(versionOf(entity, { v: currentVersion(entity) })).toBe(currentVersion(entity));
    }
  });

  it('let no write name a field that is stored in two versions', () => {
    const write = (field: string, ...conditions: Condition[]) => {
      const changes = [{ change: 'set', field, value: [] }] as const;
      return () => assertWrites([update(['reservation', reservationRecord()], changes, ...conditions)]);
    };
    expect(write('history', PRESENT)).not.toThrow();
    expect(write('lines', PRESENT)).toThrow('lines of a reservation is stored in two versions');
    expect(write('history', { is: 'sizeBelow', field: 'lines', value: 9 })).toThrow('two versions');
    expect(write('history')).toThrow('it would have no schema version');
  });
});
