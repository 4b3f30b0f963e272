/** Brings stored items to the current version of their form, one by one, while everything runs. */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE_KEY } from '../../config/table.ts';
import type { EntityName } from '../../domain/entities.ts';
import { backOff } from './back-off.ts';
import { type Database, read } from './database.ts';
import { asThrown, judgeWriteFailure } from './failures.ts';
import type { Item } from './items.ts';
import type { ItemKey } from './keys.ts';
import { SCHEMA_VERSION } from './schema-step.ts';
import { storable } from './storable.ts';
import { changingPart, stepOf, upgraded, versionOf } from './stored-forms.ts';

/** Looks at an item that others change in between. They do so a few times in its life, not five times in a moment. */
const LOOKS_MAX = 5;
/** Nobody waits for one item; it may be busy for as long as a transaction is tried. */
const BUSY_TIME_MAX_MS = 10_000;
const BUSY_ATTEMPTS_MAX = 20;
/** What a refused write costs: it is not told, and is that of the item, mostly one unit. */
const REFUSED_UNITS = 1;

/** Where a scan stands. */
export type ScanPosition = Readonly<Record<string, unknown>>;

export interface ScanPage {
  readonly items: readonly Item[];
  readonly units: number;
  /** Absent at the end. */
  readonly next?: ScanPosition;
}

export interface ScanRequest {
  readonly segment: number;
  readonly segments: number;
  readonly limit: number;
  readonly after: ScanPosition | undefined;
}

/** A page of a segment of the table, read strongly: what was written before is not overlooked. */
export async function scanSegment({ client, tableName }: Database, request: ScanRequest): Promise<ScanPage> {
  const { segment, segments, limit, after } = request;
  const answer = await read(() =>
    client.send(
      new ScanCommand({
        TableName: tableName,
        Segment: segment,
        TotalSegments: segments,
        Limit: limit,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...(after !== undefined && { ExclusiveStartKey: after }),
      }),
    ),
  );
  const { Items = [], LastEvaluatedKey, ConsumedCapacity } = answer;
  const page = { items: Items, units: ConsumedCapacity?.CapacityUnits ?? 0 };
  return LastEvaluatedKey === undefined ? page : { ...page, next: LastEvaluatedKey };
}

/** About how many items the table has: DynamoDB counts them every six hours. */
export async function countItems({ client, tableName }: Database): Promise<number> {
  const { Table } = await read(() => client.send(new DescribeTableCommand({ TableName: tableName })));
  return Table?.ItemCount ?? 0;
}

/**
 * What became of an item. `due`: it waits, as nothing is written; `foreign`: another region owns it; `gone`: it was
 * deleted meanwhile; `contended`: others changed it at every look.
 */
export type Migrated = 'current' | 'migrated' | 'due' | 'foreign' | 'gone' | 'contended';

const isCurrent = (entity: EntityName, item: Item): boolean => versionOf(entity, item) === stepOf(entity)?.to;

/**
 * Changes the fields of the step and nothing else, if they are still as they were. What others do to other fields
 * meanwhile stays; an item that is gone has no such fields, so it does not come back.
 */
function updateOf({ tableName }: Database, entity: EntityName, item: Item): UpdateCommandInput {
  const step = stepOf(entity);
  if (step === undefined) throw new Error(`A ${entity} is stored in one version only`);
  const before = changingPart(entity, item);
  const after: Item = { ...upgraded(step, before), [SCHEMA_VERSION]: step.to };
  const names = [...step.fields, SCHEMA_VERSION];
  const old: Item = { ...before, [SCHEMA_VERSION]: item[SCHEMA_VERSION] };
  const kept = names.filter((name) => after[name] !== undefined);
  const known = names.filter((name) => old[name] !== undefined);
  const removed = names.filter((name) => after[name] === undefined && old[name] !== undefined);
  const conditions = names.map((name) =>
    old[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :old_${name}`,
  );
  return {
    TableName: tableName,
    Key: { pk: item[TABLE_KEY.partition], sk: item[TABLE_KEY.sort] },
    UpdateExpression: [
      `SET ${kept.map((name) => `#${name} = :new_${name}`).join(', ')}`,
      ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: [`attribute_exists(${TABLE_KEY.partition})`, ...conditions].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries([
      ...kept.map((name) => [`:new_${name}`, storable(after[name])]),
      ...known.map((name) => [`:old_${name}`, storable(old[name])]),
    ]),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ReturnConsumedCapacity: 'TOTAL',
  };
}

type Written = { readonly units: number } & (
  | { readonly done: true }
  /** The item as it is instead. */
  | { readonly done: false; readonly now: Item | undefined }
);

async function write(database: Database, entity: EntityName, item: Item): Promise<Written> {
  const deadlineMs = database.clock.now() + BUSY_TIME_MAX_MS;
  const request = updateOf(database, entity, item);
  for (let attempts = 1; ; attempts += 1) {
    try {
      const { ConsumedCapacity } = await database.client.send(new UpdateCommand(request));
      return { done: true, units: ConsumedCapacity?.CapacityUnits ?? 0 };
    } catch (error) {
      const judged = judgeWriteFailure(error);
      if (judged.failure === 'refused') {
        return { done: false, now: judged.images.get(0), units: REFUSED_UNITS };
      }
      const patience = { attemptsMax: BUSY_ATTEMPTS_MAX, deadlineMs };
      const isBusy = judged.failure !== 'other';
      if (!isBusy || !(await backOff(database, attempts, patience))) throw asThrown(error);
    }
  }
}

/** Whose item it is, and whether anything is written. */
export interface MigrateOptions {
  readonly entity: EntityName;
  readonly dryRun: boolean;
}

/**
 * Brings one item to the current version. One that is changed meanwhile is looked at again.
 *
 * @throws UnreadableItemError for an item that this release cannot read.
 */
export async function migrateItem(
  database: Database,
  found: Item,
  { entity, dryRun }: MigrateOptions,
): Promise<{ readonly outcome: Migrated; readonly units: number }> {
  let item = found;
  let units = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (isCurrent(entity, item)) return { outcome: 'current', units };
    if (stepOf(entity)?.writingRegion(item) !== database.region) return { outcome: 'foreign', units };
    if (dryRun) return { outcome: 'due', units };
    const written = await write(database, entity, item);
    units += written.units;
    if (written.done) return { outcome: 'migrated', units };
    if (written.now === undefined) return { outcome: 'gone', units };
    item = written.now;
  }
  return { outcome: 'contended', units };
}

/** The entity of an item, if it is one that is stored in two versions. */
export const changingEntityOf = (item: Item, among: readonly EntityName[]): EntityName | undefined =>
  among.find((entity) => stepOf(entity)?.isStoredAt(item as unknown as ItemKey));
