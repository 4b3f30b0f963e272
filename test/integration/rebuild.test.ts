import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadModel, type DynamoDbReadModel } from '../../lib/adapters/dynamodb/read-model.ts';
import { parseRebuildOptions } from '../../lib/operate/rebuild/rebuild-options.ts';
import { renderRebuild } from '../../lib/operate/rebuild/rebuild-report.ts';
import { runRebuild } from '../../lib/operate/rebuild/run-rebuild.ts';
import { storeAll } from '../support/guarded-writes.ts';
import { type LocalDatabase, startLocalDatabase } from '../support/local-database.ts';
import { serveState } from '../support/served-state.ts';
import {
  confirmation,
  linesOf,
  productRecord,
  quotaRecord,
  REGION,
  reservationRecord,
  stockRecord,
} from '../support/stored-records.ts';

const SKUS = ['a', 'b', 'c'];

describe('npm run rebuild', () => {
  let database: LocalDatabase;
  let readModel: DynamoDbReadModel;
  let server: Awaited<ReturnType<typeof serveState>>;
  let control: string;

  const rebuild = async (...flags: string[]) => {
    const notes: string[] = [];
    const report = await runRebuild(parseRebuildOptions(['--control', control, ...flags]), (line) =>
      notes.push(line),
    );
    return { report, notes, text: renderRebuild(report) };
  };

  beforeAll(async () => {
    database = await startLocalDatabase();
    readModel = createReadModel({ ...database.connection, tableName: database.readTableName });
    server = await serveState(database, REGION);
    control = server.control;
    const store = database.open();
    for (const sku of SKUS) {
      const of = { tenantId: 'demo', sku };
      await storeAll(
        store,
        ['product', productRecord(of)],
        ['stock', stockRecord({ ...of, onHand: 9 })],
        ['quota', quotaRecord({ ...of, available: 8, promised: 1 })],
        [
          'reservation',
          reservationRecord({
            tenantId: 'demo',
            keyHash: `hash${sku}`,
            lines: linesOf(sku),
            status: 'confirmed',
            version: 2,
            history: [confirmation()],
          }),
        ],
      );
    }
    await storeAll(store, ['product', productRecord({ tenantId: 'rival', sku: 'a' })]);
  });
  afterAll(async () => {
    await server.close();
    readModel.close();
    await database.stop();
  });

  it('looks, writes what is missing, mends what is wrong, and leaves what is right', async () => {
    const looked = await rebuild('--dry-run');
    expect(looked.report.ok).toBe(false);
    expect(looked.text).toBe('us-east-1: 4 skus, 0 right, 4 differ');
    expect(looked.notes).toContain('us-east-1 demo a (wrong): said nothing of it');
    expect(await readModel.get({ tenantId: 'demo', sku: 'a' }, 'strong')).toBeUndefined();

    expect((await rebuild('--tenant', 'demo', '--sku', 'b')).text).toBe(
      'us-east-1: 1 skus, 0 right, 1 written anew',
    );
    const made = await rebuild('--tenant', 'demo');
    expect(made.text).toBe('us-east-1: 3 skus, 1 right, 2 written anew');
    expect(made.report.ok).toBe(true);
    const there = await readModel.get({ tenantId: 'demo', sku: 'a' }, 'strong');
    expect(there).toMatchObject({
      region: REGION,
      committed: [{ locationId: 'location', units: 1 }],
      level: 'in',
    });
    if (there === undefined) throw new Error('It was written');

    await readModel.put({ ...there, committed: [], level: 'out', version: there.version + 1 });
    const mended = await rebuild('--json', '--region', REGION);
    expect(mended.report).toMatchObject({
      ok: true,
      dryRun: false,
      regions: [{ region: REGION, right: 2, written: 2, wrong: 0, contended: 0 }],
    });
    expect(mended.notes).toContain(
      'us-east-1 demo a (written): committed.location said nothing, is 1; level said out, is in',
    );
    expect((await rebuild('--dry-run')).report).toMatchObject({ ok: true, differing: [] });
  });

  it('says in one line what its caller can remedy', async () => {
    await expect(rebuild('--region', 'eu-west-1')).rejects.toThrow('has no region eu-west-1');
    const run = (...flags: string[]) => runRebuild(parseRebuildOptions(flags), () => undefined);
    await expect(run('--control', 'http://127.0.0.1:1')).rejects.toThrow('No embedded stack answers');
    await expect(run('--control', `${control}/elsewhere`)).resolves.toMatchObject({ ok: true });
    await expect(run('--aws', '--region', REGION, '--stage', '9')).rejects.toThrow('The context');
    for (const [flags, problem] of [
      [[], '--control and --aws say where'],
      [['--aws', '--control', control], '--control and --aws say where'],
      [['--aws'], '--region is needed'],
      [['--control', 'http://example.com'], '--control must be on this machine'],
      [['--control', control, '--sku', 'a'], '--sku needs --tenant'],
      [['--control', control, '--region', 'mars'], '--region.0 use the name of an AWS region'],
    ] as const) {
      await expect(async () => run(...flags)).rejects.toThrow(problem);
    }
  });
});
