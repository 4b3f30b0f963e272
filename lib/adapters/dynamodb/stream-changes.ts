/** What the stream of the table shows, as Lambda hands it over: parsed here, and believed nowhere else. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { RecordChange } from '../../application/ports.ts';
import type { StreamedRecord } from '../../application/streamed-record.ts';
import { KEY_DELIMITER, PARTITION_WORDS } from '../../config/partitions.ts';
import { type STREAMED, TABLE_KEY } from '../../config/table.ts';
import type { EntityName } from '../../domain/entities.ts';
import { fromItem, type Item } from './items.ts';
import { firstWord, loggedKey, type StoredKey } from './keys.ts';

const image = z.record(z.string(), z.custom<AttributeValue>());

type Image = z.infer<typeof image>;

const streamRecord = z.object({
  dynamodb: z.object({
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: z.number(),
    Keys: image,
    NewImage: image.optional(),
    OldImage: image.optional(),
    SequenceNumber: z.string().min(1),
  }),
});

/** What is not even a record still has its place in the batch, if nothing else. */
const streamEvent = z.object({
  Records: z.array(z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string().min(1) }) })),
});

type Shown = z.infer<typeof streamRecord>['dynamodb'];

/**
 * The kinds of records that are handled, by the first word of their sort key; and the word of the partition key that
 * tells them too (behind the tenant, or the first one), because a location may be called `PRODUCT`.
 */
const KINDS: Readonly<
  Record<keyof typeof STREAMED, { readonly entity: EntityName; readonly among: string }>
> = {
  GRANT: { entity: 'grant', among: 'SKU' },
  ACCEPTANCE: { entity: 'acceptance', among: 'ACC' },
  STOCK: { entity: 'stock', among: 'SKU' },
  QUOTA: { entity: 'quota', among: 'SKU' },
  PRODUCT: { entity: 'product', among: 'SKU' },
  SHIPMENT: { entity: 'shipment', among: 'SHP' },
  RESERVATION: { entity: 'reservation', among: 'RES' },
  ORDER: { entity: 'order', among: 'ORD' },
  REGION: { entity: 'regionState', among: 'REGION' },
};

/** Movements are told by their partition alone: their sort key begins with a time. */
const LEDGER = 'LEDGER';

const isHandled = (word: string): word is keyof typeof STREAMED => Object.hasOwn(KINDS, word);

function entityOf({ pk, sk }: StoredKey): EntityName | undefined {
  const [first, , third] = pk.split(KEY_DELIMITER);
  const partition = first === PARTITION_WORDS.tenant ? third : first;
  if (partition === LEDGER) return 'movement';
  const word = firstWord(sk);
  if (!isHandled(word)) return undefined;
  const { entity, among } = KINDS[word];
  return partition === among ? entity : undefined;
}

const asItem = (shown: Image | undefined): Item | undefined =>
  shown === undefined ? undefined : unmarshall(shown);

function changeOf(entity: EntityName, { OldImage, NewImage }: Shown): RecordChange {
  const before = asItem(OldImage);
  const after = asItem(NewImage);
  return {
    entity,
    ...(before !== undefined && { before: fromItem(entity, before) }),
    ...(after !== undefined && { after: fromItem(entity, after) }),
  } as RecordChange;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** A record where it stands: `position` is what a failure is answered with. */
interface Placed {
  readonly position: string;
  readonly raw: unknown;
}

/** @returns `undefined` for a record of a kind that nobody handles. */
function readRecord({ position, raw }: Placed): StreamedRecord | undefined {
  const parsed = streamRecord.safeParse(raw);
  if (!parsed.success) {
    return {
      position,
      raw,
      recordKey: '',
      committedAtMs: 0,
      fault: new Error('This is no record of a stream'),
    };
  }
  const shown = parsed.data.dynamodb;
  const key = {
    pk: shown.Keys[TABLE_KEY.partition]?.S ?? '',
    sk: shown.Keys[TABLE_KEY.sort]?.S ?? '',
  };
  const entity = entityOf(key);
  if (entity === undefined) return undefined;
  const place = {
    position,
    raw,
    recordKey: loggedKey(key),
    // Whole milliseconds, whatever part of a second it tells: events are told by it.
    committedAtMs: Math.round(shown.ApproximateCreationDateTime * 1_000),
  };
  try {
    return { ...place, change: changeOf(entity, shown) };
  } catch (thrown) {
    return { ...place, fault: asError(thrown) };
  }
}

/**
 * The records of a stream's event that are of a kind which is handled, in order. One that cannot be read comes with
 * its fault: it was written by a bug, and must not keep the others from being completed.
 *
 * @throws an Error when the event is none of a table's stream.
 */
export function readStreamEvent(event: unknown): StreamedRecord[] {
  const { Records } = streamEvent.parse(event);
  return Records.flatMap((raw) => readRecord({ position: raw.dynamodb.SequenceNumber, raw }) ?? []);
}

const queueEvent = z.object({
  Records: z.array(
    z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string().min(1), body: z.string() }),
  ),
});

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Whatever it is, it is no record, and is parked again as it was.
    return body;
  }
}

/**
 * Records that were parked and come once more, from the queue of changes: each message holds one as the stream showed
 * it. Their positions are the ids of the messages.
 *
 * @returns `undefined` when the event is none of a queue.
 */
export function readParkedChanges(event: unknown): StreamedRecord[] | undefined {
  const parsed = queueEvent.safeParse(event);
  if (!parsed.success) return undefined;
  return parsed.data.Records.flatMap(
    ({ messageId, body }) => readRecord({ position: messageId, raw: parseBody(body) }) ?? [],
  );
}
