import { changingEntityOf, countItems, migrateItem, scanSegment } from '../../adapters/dynamodb/backfill.ts';
import { createClient } from '../../adapters/dynamodb/client.ts';
import type { Database } from '../../adapters/dynamodb/database.ts';
import type { Item } from '../../adapters/dynamodb/items.ts';
import { type ItemKey, keyText } from '../../adapters/dynamodb/keys.ts';
import {
  changingEntities,
  currentVersion,
  UnreadableItemError,
} from '../../adapters/dynamodb/stored-forms.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRandomness } from '../../adapters/system/randomness.ts';
import { type Clock, StoreUnavailableError } from '../../application/ports.ts';
import type { Progress } from '../../command-line/progress.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { EntityName } from '../../domain/entities.ts';
import { LOCAL_CREDENTIALS } from '../../local/credentials.ts';
import { chosenRegions } from '../database-flags.ts';
import type { RegionTables } from '../find-databases.ts';
import { Checkpoint } from './checkpoint.ts';
import type { MigrateCommand } from './migrate-options.ts';
import type { MigrateReport } from './migrate-report.ts';
import { type Outcome, type SegmentCounts, sumCounts } from './segment-counts.ts';
import { UnitBudget } from './unit-budget.ts';

/** A busy developer's machine needs more than a request of a shopper does. */
const TIMEOUT_MS = 20_000;
/** What an interruption does again, for each segment; about 100 units with their writes, so the rate stays even. */
const PAGE_ITEMS = 50;
/** Nobody reads more of them. */
const UNREADABLE_SHOWN = 20;

/** What a migration is watched and ended by. */
export interface MigrateWorld {
  readonly progress: Progress;
  /** For the rate. */
  readonly clock: Clock;
  /** Ends it after the pages at hand; the checkpoint knows where. */
  readonly signal: AbortSignal;
}

interface Migration {
  readonly command: MigrateCommand;
  readonly entities: readonly EntityName[];
  readonly checkpoint: Checkpoint;
  readonly world: MigrateWorld;
  readonly unreadable: string[];
}

interface Walk extends Migration {
  readonly database: Database;
  readonly budget: UnitBudget;
}

type Counts = { -readonly [Name in keyof SegmentCounts]: SegmentCounts[Name] };

async function migrateOne(
  { database, command, budget, unreadable }: Walk,
  entity: EntityName,
  item: Item,
): Promise<{ readonly outcome: Outcome; readonly units: number }> {
  try {
    const done = await migrateItem(database, item, { entity, dryRun: command['dry-run'] });
    await budget.spend(done.units);
    return done;
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    const where = keyText(item as unknown as ItemKey);
    if (unreadable.length < UNREADABLE_SHOWN) unreadable.push(`${where}: ${error.message}`);
    return { outcome: 'unreadable', units: 0 };
  }
}

async function migratePage(walk: Walk, items: readonly Item[], counts: Counts): Promise<void> {
  for (const item of items) {
    counts.seen += 1;
    walk.world.progress.advance();
    const entity = changingEntityOf(item, walk.entities);
    if (entity === undefined) continue;
    const { outcome, units } = await migrateOne(walk, entity, item);
    counts[outcome] += 1;
    counts.units += units;
  }
}

async function migrateSegment(walk: Walk, segment: number): Promise<void> {
  const { database, command, budget, checkpoint, world } = walk;
  const place = { region: database.region, segment };
  let { done, after, counts } = checkpoint.at(database.region, segment);
  while (!done && !world.signal.aborted) {
    const request = { segment, segments: command.segments, limit: PAGE_ITEMS, after };
    const { items, units, next } = await scanSegment(database, request);
    await budget.spend(units);
    const more: Counts = { ...counts, units: counts.units + units };
    await migratePage(walk, items, more);
    [done, after, counts] = [next === undefined, next, more];
    const state = { done, counts, ...(after !== undefined && { after }) };
    await checkpoint.note(place, state);
  }
}

async function migrateRegion(migration: Migration, tables: RegionTables): Promise<void> {
  const { command, world, checkpoint } = migration;
  const { region, endpoint, tableName } = tables;
  const local = endpoint === undefined ? {} : { endpoint, credentials: LOCAL_CREDENTIALS };
  const client = createClient({ region, timeoutMs: TIMEOUT_MS, ...local });
  const database = { client, tableName, region, clock: systemClock, random: systemRandomness };
  const segments = Array.from({ length: command.segments }, (_, segment) => segment);
  try {
    const seen = sumCounts(segments.map((segment) => checkpoint.at(region, segment).counts)).seen;
    world.progress.start(region, Math.max(0, (await countItems(database)) - seen));
    const walk = { ...migration, database, budget: new UnitBudget(command.units, world.clock) };
    await Promise.all(segments.map((segment) => migrateSegment(walk, segment)));
  } catch (cause) {
    if (!(cause instanceof StoreUnavailableError)) throw cause;
    throw new UsageError(`The table of ${region} cannot be reached: ${cause.message}. Run it again.`, {
      cause,
    });
  } finally {
    world.progress.end();
    client.destroy();
  }
}

/**
 * Brings the items of each region to the current version, one region after the other.
 *
 * @throws UsageError for what the caller can remedy, and for an interruption.
 */
export async function runMigrate(command: MigrateCommand, world: MigrateWorld): Promise<MigrateReport> {
  const { entity, segments, checkpoint: file, 'dry-run': dryRun } = command;
  const regions = await chosenRegions(command);
  const entities = entity === undefined ? changingEntities() : [entity];
  const versions = entities.map((name) => `${name} to version ${currentVersion(name)}`).join(', ');
  const where = regions.map(({ region, tableName }) => `${tableName} in ${region}`).join(', ');
  const subject = `${versions}; ${where}; ${segments} segments`;
  const checkpoint = dryRun ? Checkpoint.none() : await Checkpoint.open(file, subject);
  const migration: Migration = { command, entities, checkpoint, world, unreadable: [] };
  if (entities.length > 0) {
    for (const tables of regions) await migrateRegion(migration, tables);
  }
  if (world.signal.aborted) throw new UsageError('Interrupted. The same command goes on where it was.');
  const counted = regions.map(({ region }) => {
    const all = Array.from({ length: segments }, (_, segment) => checkpoint.at(region, segment).counts);
    return { region, ...sumCounts(all) };
  });
  await checkpoint.remove();
  const ok = counted.every(({ due, contended, unreadable }) => due + contended + unreadable === 0);
  return { ok, dryRun, entities, regions: counted, unreadable: migration.unreadable };
}
