import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatApiKey, formatKeyId } from '../../../lib/application/api-key-format.ts';
import type { LogEntry } from '../../../lib/application/ports.ts';
import { parseLogOptions } from '../../../lib/operate/log/log-options.ts';
import { readLogFile } from '../../../lib/operate/log/read-log.ts';
import { renderLog } from '../../../lib/operate/log/render-log.ts';
import { ReplayedLog } from '../../../lib/operate/log/replayed-stock.ts';
import { runLog } from '../../../lib/operate/log/run-log.ts';
import { movementRecord, reservationRecord } from '../../support/stored-records.ts';
import { apiOf, NO_PROGRESS } from './scripted-api.ts';

const KEY = formatApiKey(formatKeyId('tenant', '0'.repeat(20)), 's'.repeat(43));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const moved = (id: string, delta: number, given: object = {}): LogEntry => ({
  id,
  tenantId: 'tenant',
  region: 'us-east-1',
  atMs: 1,
  kind: 'movement',
  movement: movementRecord({ movementId: id, delta, onHandAfter: delta, ...given }),
});

const reserved = (version: number, given: object = {}): LogEntry => ({
  id: `r.${version}`,
  tenantId: 'tenant',
  region: 'us-east-1',
  atMs: 1,
  kind: 'reservation',
  reservationId: 'r',
  version,
  reservation: reservationRecord({ version, ...given }),
});

async function file(path: string, ...lines: readonly (object | string)[]): Promise<void> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const to = join(folder, path);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, path.endsWith('.gz') ? gzipSync(text) : text);
}

const run = (
  argv: readonly string[] = [],
  answer: (path: string) => readonly [number, unknown] = () => [500, ''],
) =>
  runLog(parseLogOptions(['replay', '--from', folder, ...argv]), {
    openClient: () => apiOf(answer),
    progress: NO_PROGRESS,
  });

describe('files of the log', () => {
  it('are replayed wherever they lie, compressed or not, doubled or not', async () => {
    await file(
      'us-east-1/changes/kind=movement/date=2026-11-24/1.jsonl',
      moved('a', 3),
      moved('b', 4, { onHandAfter: 7 }),
    );
    await file('eu/changes/kind=movement/date=2026-11-25/2.gz', moved('a', 3), '');
    await file('changes/kind=reservation/date=2026-11-24/3', reserved(1));
    await file('changes/kind=weather/date=2026-11-24/4', moved('c', 100));
    await file('other/5', moved('d', 100));
    const result = await run();
    expect(result).toEqual({
      ok: true,
      files: 3,
      entries: 4,
      repeated: 1,
      unreadable: { count: 0, lines: [] },
      stocks: [
        {
          tenantId: 'tenant',
          sku: 'sku',
          locationId: 'location',
          onHand: 7,
          held: 1,
          committed: 0,
          shipped: 0,
        },
      ],
    });
    expect(renderLog(result, false)).toContain('tenant  sku  location  7        1     0          0');
  });

  it('with lines that cannot be read are read all the same, and the lines named', async () => {
    const path = 'changes/kind=movement/date=2026-11-24/1';
    await file(path, moved('a', 3), '{"id":"b"', { id: 'c' }, moved('d', 1, { onHandAfter: 4 }));
    await file('changes/kind=movement/date=2026-11-24/2.gz', moved('e', 1, { onHandAfter: 5 }), '');
    const broken = readFileSync(join(folder, 'changes/kind=movement/date=2026-11-24/2.gz')).subarray(0, -4);
    await writeFile(join(folder, 'changes/kind=movement/date=2026-11-24/3.gz'), broken);
    const result = await run();
    expect(result).toMatchObject({
      ok: true,
      entries: 4,
      repeated: 1,
      unreadable: {
        count: 3,
        lines: [`${path}:2`, `${path}:3`, 'changes/kind=movement/date=2026-11-24/3.gz:2'],
      },
      stocks: [{ onHand: 5 }],
    });
    expect(renderLog(result, false)).toContain(`3 lines cannot be read: ${path}:2, ${path}:3`);
  });

  it('that vanish or cannot be opened are named as well', async () => {
    for (const name of ['gone', 'gone.gz']) {
      const lines = [];
      for await (const line of readLogFile(join(folder, name), folder)) lines.push(line);
      expect(lines).toEqual([{ unreadable: `${name}:1` }]);
    }
  });

  it('are written as a read model', async () => {
    await file('changes/kind=movement/date=2026-11-24/1', moved('a', 3));
    const to = join(folder, 'model.json');
    await run(['--to', to]);
    expect(JSON.parse(readFileSync(to, 'utf8')).stocks).toMatchObject([{ onHand: 3 }]);
  });

  it('must be there', async () => {
    await expect(run()).rejects.toThrow('There is no log below');
    await expect(
      runLog(parseLogOptions(['--from', join(folder, 'none')]), {
        openClient: () => apiOf(() => [500, '']),
        progress: NO_PROGRESS,
      }),
    ).rejects.toThrow('cannot be read');
  });
});

describe('a replayed log', () => {
  it('says where entries are missing', () => {
    const log = new ReplayedLog();
    log.add(moved('b', 4, { onHandAfter: 7, occurredAtMs: 2_000 }));
    expect(log.stocks()).toMatchObject([{ onHand: 4, lastOnHand: 7 }]);
    log.add(moved('a', 3));
    expect(log.stocks()[0]).not.toHaveProperty('lastOnHand');
  });

  it('goes by versions where clocks differ', () => {
    const log = new ReplayedLog();
    log.add(moved('a', 3, { occurredAtMs: 2_000, stockVersion: 1 }));
    log.add(moved('b', 4, { onHandAfter: 7, occurredAtMs: 1_000, stockVersion: 2 }));
    expect(log.stocks()[0]).not.toHaveProperty('lastOnHand');
  });

  it('takes the newest version of a reservation, whichever comes first', () => {
    const confirmed = reserved(2, { status: 'confirmed', history: [{ did: 'confirm', atMs: 1 }] });
    for (const entries of [
      [reserved(1), confirmed],
      [confirmed, reserved(1), confirmed],
    ]) {
      const log = new ReplayedLog();
      for (const entry of entries) log.add(entry);
      expect(log.stocks()).toMatchObject([{ held: 0, committed: 1 }]);
    }
  });
});

describe('a comparison with the service', () => {
  const COMPARE = ['--compare', '--api', 'http://127.0.0.1:1/v1', '--key', KEY];
  const serving =
    (locations: object, skus = ['sku']) =>
    (path: string): readonly [number, unknown] => {
      if (path.startsWith('/products'))
        return [200, { items: skus.map((sku) => ({ sku })), nextCursor: null }];
      return path === '/stock/sku?consistency=strong' ? [200, { locations }] : [404, {}];
    };

  beforeEach(async () => {
    await file('changes/kind=movement/date=2026-11-24/1', moved('a', 3), {
      ...moved('x', 9),
      tenantId: 'rival',
      movement: movementRecord({ tenantId: 'rival', sku: 'other', delta: 9 }),
    });
  });

  it('agrees', async () => {
    const place = { locationId: 'location', onHand: 3, held: 0, committed: 0 };
    const result = await run(COMPARE, serving([place], ['sku', 'unknown']));
    expect(result).toMatchObject({ ok: true, differences: [] });
    expect(renderLog(result, false)).toContain('The log and the service agree.');
  });

  it('names each figure that differs, also where only one of the two knows a place', async () => {
    const elsewhere = { locationId: 'elsewhere', onHand: 0, held: 2, committed: 1 };
    const result = await run(COMPARE, serving([elsewhere]));
    const at = { sku: 'sku', locationId: 'elsewhere', inLog: 0 };
    expect(result).toMatchObject({ ok: false });
    expect(result.differences).toEqual([
      { ...at, figure: 'held', inService: 2 },
      { ...at, figure: 'committed', inService: 1 },
      { sku: 'sku', locationId: 'location', figure: 'onHand', inLog: 3, inService: 0 },
    ]);
    expect(renderLog(result, false)).toContain('sku  location   onHand     3           0');
  });

  it.each([
    [['--from', 'x', 'burn'], 'must be replay'],
    [['replay'], '--from is needed'],
    [['replay', '--from', 'x', '--compare'], 'belong together'],
    [['replay', '--from', 'x', '--compare', '--api', 'http://h/v1', '--key', 'k'], '--key is no API key'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => parseLogOptions(argv)).toThrow(message);
  });
});
