import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createBatchHandler } from '../../lambdas/complete/batch-handler.ts';
import { createSeenSpreads } from '../../lambdas/complete/seen-spreads.ts';
import { outletLog } from '../../lambdas/events/outlet-log.ts';
import {
  type ChangeMeasure,
  createChangeMetrics,
  createSweepMetrics,
} from '../../lambdas/observability/background-metrics.ts';
import { toItem } from '../../lib/adapters/dynamodb/items.ts';
import { readParkedChanges, readStreamEvent } from '../../lib/adapters/dynamodb/stream-changes.ts';
import { Consumer } from '../support/changes.ts';
import { US } from '../support/regions.ts';
import { reservationRecord } from '../support/stored-records.ts';

let consumer: Consumer;
let measures: ChangeMeasure[];
let followed: number;
let spreads: ReturnType<typeof createSeenSpreads>;

beforeEach(() => {
  consumer = new Consumer(US);
  measures = [];
  followed = 0;
  spreads = createSeenSpreads();
});

const NO_TRADE = { holdsGranted: 0, unitsHeld: 0, holdsConfirmed: 0, unitsConfirmed: 0 };

/** Of `reservationRecord`. */
const UNITS_OF_A_HOLD = 1;

const silent = { info: () => undefined, error: () => undefined };

const handle = (event: unknown, remainingMs = 60_000) =>
  createBatchHandler({
    dependencies: consumer.deps,
    followDemand: async (changes) => {
      followed += changes.length;
    },
    logger: silent,
    metrics: { record: (measure) => measures.push(measure) },
    spreads,
    readStreamEvent,
    readParkedChanges,
  })(event, { getRemainingTimeInMillis: () => remainingMs });

/** A hold as the stream shows it, some seconds old. */
function shown(keyHash: string, { agedSeconds = 0, poison = {} } = {}) {
  const { pk, sk, ...item } = toItem('reservation', reservationRecord({ region: US, keyHash }), US);
  return {
    eventSource: 'aws:dynamodb',
    eventName: 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(consumer.regions.clock.now() / 1_000) - agedSeconds,
      Keys: marshall({ pk, sk }),
      NewImage: marshall({ pk, sk, ...item, ...poison }),
      SequenceNumber: `1${keyHash}`,
    },
  };
}

const failuresOf = async (event: unknown) =>
  (await handle(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('the function behind the stream', () => {
  it('completes a batch, and measures it', async () => {
    const records = [shown('a', { agedSeconds: 7 }), shown('b', { agedSeconds: 2 })];
    expect(await failuresOf({ Records: records })).toEqual([]);
    expect([measures, followed]).toEqual([
      [
        {
          ...{ records: 2, failed: 0, parked: 0, sent: 2, kept: 0, oldestAgeMs: 7_000, newestAgeMs: 2_000 },
          trade: { ...NO_TRADE, holdsGranted: 2, unitsHeld: 2 * UNITS_OF_A_HOLD },
        },
      ],
      2,
    ]);
  });

  it('counts no hold that must be shown again', async () => {
    const [first, second] = [shown('a'), shown('b')];
    await handle({ Records: [first, second] }, 25_000);
    expect(measures).toMatchObject([{ records: 2, failed: 1, trade: { holdsGranted: 1 } }]);
  });

  it('measures how unevenly regions share what it looked at, and forgets it', async () => {
    spreads.add(50);
    spreads.add(100);
    await handle({ Records: [shown('a')] });
    await handle({ Records: [shown('b')] });
    expect(measures.map((measure) => measure.quotaSpreadPercent)).toEqual([75, undefined]);
  });

  it('answers which records must be shown again', async () => {
    consumer.deps.parking.isOpen = false;
    const poison = shown('p', { poison: { version: -1 } });
    expect(await failuresOf({ Records: [shown('a'), poison, shown('b')] })).toEqual(['1p']);
    expect(measures).toMatchObject([{ records: 3, failed: 1, parked: 0 }]);
  });

  it('begins nothing but the first when there is hardly any time', async () => {
    const { batchItemFailures } = await handle({ Records: [shown('a'), shown('b')] }, 25_000);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '1b' }]);
  });

  it('parks what it cannot read as it was shown, and completes it when it comes mended from the queue', async () => {
    const poison = shown('p', { poison: { version: -1 } });
    expect(await failuresOf({ Records: [poison] })).toEqual([]);
    expect(measures).toMatchObject([{ parked: 1 }]);
    const record = consumer.deps.parking.parked[0]?.record as typeof poison;
    expect(record).toEqual(poison);
    const mended = { ...record, dynamodb: { ...record.dynamodb, NewImage: shown('p').dynamodb.NewImage } };
    const message = (messageId: string, body: string) => ({ eventSource: 'aws:sqs', messageId, body });
    const event = { Records: [message('m1', JSON.stringify(mended)), message('m2', 'nothing')] };
    expect(await failuresOf(event)).toEqual([]);
    expect(consumer.deps.outlets.events.taken).toMatchObject([{ type: 'reservation.held' }]);
    expect(consumer.deps.parking.parked[1]).toMatchObject({ record: 'nothing' });
    // Nobody samples the demand of yesterday.
    expect(followed).toBe(0);
  });

  it('answers the messages of the queue that must come again', async () => {
    consumer.deps.parking.isOpen = false;
    const event = { Records: [{ eventSource: 'aws:sqs', messageId: 'm', body: '{}' }] };
    expect(await failuresOf(event)).toEqual(['m']);
  });
});

describe('what is written', () => {
  afterEach(() => vi.restoreAllMocks());

  const written = (run: () => void) => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    run();
    return lines.map((line) => JSON.parse(line));
  };

  it('of a batch is one line of metrics', () => {
    const trade = { holdsGranted: 5, unitsHeld: 6, holdsConfirmed: 7, unitsConfirmed: 8 };
    const ages = { oldestAgeMs: 9, newestAgeMs: 1 };
    const measure = { records: 3, failed: 1, parked: 1, sent: 4, kept: 2, trade, ...ages };
    expect(written(() => createChangeMetrics('complete').record(measure))).toMatchObject([
      {
        service: 'complete',
        Changes: 3,
        ChangesFailed: 1,
        ChangesParked: 1,
        EventsSent: 4,
        MessagesKept: 2,
        OldestChangeAge: 9,
        NewestChangeAge: 1,
        HoldsGranted: 5,
        UnitsHeld: 6,
        HoldsConfirmed: 7,
        UnitsConfirmed: 8,
      },
    ]);
    const { oldestAgeMs: _, newestAgeMs: __, ...empty } = measure;
    const [line] = written(() => createChangeMetrics('complete').record(empty));
    expect(line).not.toHaveProperty('OldestChangeAge');
    expect(line).not.toHaveProperty('QuotaSpread');
    const seen = { ...measure, quotaSpreadPercent: 40 };
    expect(written(() => createChangeMetrics('complete').record(seen))).toMatchObject([{ QuotaSpread: 40 }]);
  });

  it('of a look of the sweep is one line of metrics', () => {
    expect(
      written(() => createSweepMetrics('sweep').record({ expired: 1, sent: 2, stuck: 3 })),
    ).toMatchObject([{ service: 'sweep', HoldsExpired: 1, MessagesSentLater: 2, MessagesStuck: 3 }]);
    const late = { expired: 1, sent: 0, stuck: 0, expiryLagMs: 4_000 };
    expect(written(() => createSweepMetrics('sweep').record(late))).toMatchObject([{ ExpiryLag: 4_000 }]);
  });

  it('of an event that does not fit its contract is where, and never what', () => {
    const entries: unknown[][] = [];
    const log = outletLog(
      { info: () => undefined, error: ({ code }, ...rest) => entries.push([code, ...rest]) },
      'events',
    );
    const { error } = z
      .strictObject({ data: z.object({ name: z.int() }) })
      .safeParse({ data: { name: 'Jane' } });
    log({ count: 1, error });
    const down = new Error('down');
    log({ count: 3, error: down });
    expect(entries).toEqual([
      ['EVENT_REFUSED', { channel: 'events', paths: ['data.name'] }],
      ['MESSAGES_NOT_TAKEN', { channel: 'events', count: 3 }, down],
    ]);
  });
});
