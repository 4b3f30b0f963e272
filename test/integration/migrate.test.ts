import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrateItem } from '../../lib/adapters/dynamodb/backfill.ts';
import { createClient } from '../../lib/adapters/dynamodb/client.ts';
import type { Database } from '../../lib/adapters/dynamodb/database.ts';
import { fromItem, type Item, toItem } from '../../lib/adapters/dynamodb/items.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { parseMigrateOptions } from '../../lib/operate/migrate/migrate-options.ts';
import { renderMigrate } from '../../lib/operate/migrate/migrate-report.ts';
import { runMigrate } from '../../lib/operate/migrate/run-migrate.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { oldItem } from '../support/previous-release/old-item.ts';
import { serveState } from '../support/served-state.ts';
import { linesOf, REGION, reservationRecord, stockRecord } from '../support/stored-records.ts';

const OLD = 220;
const FOREIGN = 5;
const NEW = 6;
const UNITS_FAST = 16_000;

let database: LocalDatabase;
let table: Database;
let server: Awaited<ReturnType<typeof serveState>>;
let checkpoint: string;

beforeAll(async () => {
  database = await startLocalDatabase();
  const { tableName } = database;
  const client = createClient(database.connection);
  table = { client, tableName, region: REGION, clock: systemClock, random: systemRandomness };
  server = await serveState(database, REGION);
});
afterAll(async () => {
  await server.close();
  table.client.destroy();
  await database.stop();
});

const putItem = (item: Item) =>
  table.client.send(new PutCommand({ TableName: table.tableName, Item: { ...item } }));
const keyOf = ({ pk, sk }: Item) => ({ TableName: table.tableName, Key: { pk, sk } });
const readItem = async (item: Item) => (await table.client.send(new GetCommand(keyOf(item)))).Item;

const held = (name: string, given: Partial<Reservation> = {}) =>
  reservationRecord({ tenantId: 'demo', keyHash: `hash-${name}`, lines: linesOf('a', 'b'), ...given });
const oldRecords = Array.from({ length: OLD }, (_, index) => held(`old-${index}`));

/** Runs the command. @param endAfter aborts it when it has seen so many items. */
async function migrate({ flags = [] as string[], endAfter = Number.POSITIVE_INFINITY } = {}) {
  const stop = new AbortController();
  let seen = 0;
  const progress = {
    start: () => undefined,
    end: () => undefined,
    advance: () => {
      seen += 1;
      if (seen === endAfter) stop.abort();
    },
  };
  let paidMs = 0;
  // It stands still, so that the last to wait has waited for the units of all.
  const clock = {
    now: () => 0,
    sleep: async (ms: number) => {
      paidMs = Math.max(paidMs, ms);
    },
  };
  const all = ['--control', server.control, '--checkpoint', checkpoint, '--segments', '2', ...flags];
  const fast = flags.includes('--units') ? [] : ['--units', String(UNITS_FAST)];
  const report = await runMigrate(parseMigrateOptions([...all, ...fast]), {
    progress,
    clock,
    signal: stop.signal,
  }).catch((error: Error) => error);
  return { report, seen, paidMs };
}

describe('npm run migrate', () => {
  beforeAll(async () => {
    for (const record of oldRecords) await putItem(oldItem(record));
    for (let index = 0; index < FOREIGN; index += 1) {
      await putItem(oldItem(held(`foreign-${index}`, { region: 'eu-west-1' })));
    }
    for (let index = 0; index < NEW; index += 1) {
      await putItem(toItem('reservation', held(`new-${index}`), REGION));
    }
    await putItem(toItem('stock', stockRecord(), REGION));
  }, 60_000);
  beforeEach(() => {
    checkpoint = path.join(tmpdir(), `${randomUUID()}.json`);
  });

  const all = OLD + FOREIGN + NEW + 1;

  it('only counts in a dry run', async () => {
    const before = await readItem(oldItem(held('old-0')));
    const { report, seen } = await migrate({ flags: ['--dry-run'] });
    expect(report).toMatchObject({
      ok: false,
      dryRun: true,
      regions: [{ region: REGION, seen: all, due: OLD, foreign: FOREIGN, current: NEW, migrated: 0 }],
    });
    expect(seen).toBe(all);
    expect(await readItem(oldItem(held('old-0')))).toEqual(before);
    expect(existsSync(checkpoint)).toBe(false);
  });

  it('goes on where it was interrupted, spends no more than it may, and migrates each item once', async () => {
    const first = await migrate({ endAfter: 20 });
    expect(first.report).toMatchObject({ message: expect.stringContaining('goes on where it was') });
    expect(first.seen).toBeLessThan(all / 2 + 1);
    expect(existsSync(checkpoint)).toBe(true);
    const other = await migrate({ flags: ['--segments', '3'] });
    expect(other.report).toMatchObject({ message: expect.stringContaining('end that first') });

    const rate = 100;
    const second = await migrate({ flags: ['--units', String(rate)] });
    expect(first.seen + second.seen).toBe(all);
    if (second.report instanceof Error) throw second.report;
    expect(second.report).toMatchObject({
      ok: true,
      regions: [{ seen: all, migrated: OLD, foreign: FOREIGN, current: NEW, due: 0, contended: 0 }],
    });
    const [counts] = second.report.regions;
    expect(counts?.units).toBeGreaterThan(OLD);
    const [paid, paidBefore] = [second.paidMs * rate, first.paidMs * UNITS_FAST];
    expect(paid).toBeGreaterThan(0);
    expect((paid + paidBefore) / 1_000).toBeCloseTo(counts?.units ?? 0);
    expect(renderMigrate(second.report)).toContain(`of reservation ${OLD} migrated, ${NEW} current`);
    expect(existsSync(checkpoint)).toBe(false);

    for (const record of [oldRecords[0], oldRecords[OLD - 1]]) {
      const item = await readItem(oldItem(record ?? held('none')));
      expect(item).toEqual(toItem('reservation', record ?? held('none'), REGION));
    }
    expect((await readItem(oldItem(held('foreign-0', { region: 'eu-west-1' }))))?.['v']).toBeUndefined();
    const after = await migrate({ flags: ['--dry-run'] });
    expect(after.report).toMatchObject({ ok: true, regions: [{ due: 0, current: OLD + NEW }] });
  }, 60_000);

  it('names what it cannot read, and goes on', async () => {
    const strange = { ...oldItem(held('strange')), v: 3 };
    await putItem(strange);
    const { report } = await migrate();
    expect(report).toMatchObject({
      ok: false,
      regions: [{ unreadable: 1, current: OLD + NEW }],
      unreadable: [expect.stringContaining('hash-strange|RESERVATION#us-east-1: It has schema version 3')],
    });
    await table.client.send(new DeleteCommand(keyOf(strange)));
  });

  it('says in one line what its caller can remedy', async () => {
    await writeFile(checkpoint, '{');
    expect((await migrate()).report).toMatchObject({
      message: expect.stringContaining('remove it to begin'),
    });
    expect(() => parseMigrateOptions(['--control', server.control, '--entity', 'stock'])).toThrow(
      '--entity must be one of reservation',
    );
    expect(() => parseMigrateOptions([])).toThrow('--control and --aws say where');
  });
});

describe('an item that is changed while it is migrated', () => {
  const migrateStale = (item: Item) => migrateItem(table, item, { entity: 'reservation', dryRun: false });

  it('keeps what was written to other fields, and its version', async () => {
    const stale = oldItem(held('confirmed'));
    await putItem(stale);
    await table.client.send(
      new UpdateCommand({
        ...keyOf(stale),
        UpdateExpression: 'SET #status = :status, #version = :version',
        ExpressionAttributeNames: { '#status': 'status', '#version': 'version' },
        ExpressionAttributeValues: { ':status': 'released', ':version': 2 },
      }),
    );
    expect((await migrateStale(stale)).outcome).toBe('migrated');
    const item = await readItem(stale);
    expect(item).toMatchObject({ v: 2, status: 'released', version: 2 });
    expect(fromItem('reservation', item ?? {}).lines).toEqual(held('confirmed').lines);
  });

  it('is looked at again when its lines are others', async () => {
    const stale = oldItem(held('other'));
    const now = held('other', { lines: linesOf('c') });
    await putItem(oldItem(now));
    expect((await migrateStale(stale)).outcome).toBe('migrated');
    expect(await readItem(stale)).toEqual(toItem('reservation', now, REGION));
  });

  it('is left alone when somebody else has written the new form', async () => {
    const stale = oldItem(held('rewritten'));
    const now = toItem('reservation', held('rewritten', { lines: linesOf('d') }), REGION);
    await putItem(now);
    expect((await migrateStale(stale)).outcome).toBe('current');
    expect(await readItem(stale)).toEqual(now);
  });

  it('does not come back when it was deleted', async () => {
    const stale = oldItem(held('deleted'));
    expect((await migrateStale(stale)).outcome).toBe('gone');
    expect(await readItem(stale)).toBeUndefined();
  });
});
