import { describe, expect, it } from 'vitest';
import { parseImportOptions } from '../../../lib/migrate/import/import-options.ts';
import { readImport } from '../../../lib/migrate/import/read-import.ts';
import { gather, jsonLines, textSource } from './text-source.ts';

const readCsv = (text: string, kind?: 'reservations') => gather(readImport(textSource('csv', text), kind));
const readJson = (...rows: readonly object[]) =>
  gather(readImport(textSource('jsonl', jsonLines(...rows)), undefined));

describe('rows of an import', () => {
  it('become what the requests take, by their kind', async () => {
    const rows = await readCsv(
      'kind,sku,name,safetyStock,attributes.size,locationId,quantity\n' +
        'products,LAMP,Lamp,2,XL,,\n' +
        'stock,LAMP,,,,north,0\n',
    );
    expect(rows).toMatchObject([
      {
        line: 2,
        kind: 'products',
        sku: 'LAMP',
        body: { name: 'Lamp', safetyStock: 2, attributes: { size: 'XL' } },
      },
      { line: 3, kind: 'stock', sku: 'LAMP', locationId: 'north', quantity: 0 },
    ]);
  });

  it('of one reservation are its lines, as long as they follow each other', async () => {
    const rows = await readCsv(
      'id,status,sku,quantity,orderId\n' +
        'r1,confirmed,A,1,o1\nr1,confirmed,B,2,o1\nr2,confirmed,A,1,o2\nr1,confirmed,C,3,o1\n',
      'reservations',
    );
    expect(rows.map((row) => ('request' in row ? [row.id, row.request.lines.length] : row))).toEqual([
      ['r1', 2],
      ['r2', 1],
      ['r1', 1],
    ]);
    expect(rows[0]).toMatchObject({ request: { reference: 'r1', metadata: { importedId: 'r1' } } });
  });

  it.each([
    [{ kind: 'stocks', sku: 'A' }, 'kind must be one of products, locations, stock, reservations'],
    [{ kind: 'stock', sku: 'A', locationId: 'n', quantity: -1 }, 'quantity must be an integer from 0'],
    [{ kind: 'stock', sku: 'A', locationId: 'n', quantity: 1, lot: 'L' }, 'lot: no such field'],
    [{ kind: 'products', sku: 'a b', name: 'x' }, 'sku must be 1 to 64'],
    [{ kind: 'reservations', id: 'r', lines: [{ sku: 'A', quantity: 1 }] }, 'expiresAt is needed'],
    [
      { kind: 'reservations', id: 'r', status: 'confirmed', lines: [{ sku: 'A', quantity: 1 }] },
      'orderId is needed',
    ],
    [
      {
        kind: 'reservations',
        id: 'r',
        expiresAt: '2026-01-01T00:00:00Z',
        lines: [{ sku: 'A', quantity: 1 }],
        metadata: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, ''])),
      },
      'metadata must have at most 20 pairs',
    ],
  ])('say what is wrong with them: %j', async (row, problem) => {
    const [bad, good] = await readJson(row, { kind: 'stock', sku: 'A', locationId: 'n', quantity: 1 });
    expect(bad).toMatchObject({ line: 1, problem: expect.stringContaining(problem) });
    expect(good).toMatchObject({ line: 2, quantity: 1 });
  });
});

describe('the command line of an import', () => {
  const file = ['--from', 'csv', '--file', 'x.csv'];

  it('needs no API to judge a file', () => {
    expect(parseImportOptions([...file, '--dry-run'])).toMatchObject({ from: 'csv', 'dry-run': true });
  });

  it.each([
    [file, '--api is needed; --key is needed'],
    [['--from', 'xml', '--file', 'x'], '--from must be one of csv, jsonl'],
    [[...file, '--kind', 'orders', '--dry-run'], '--kind must be one of'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => parseImportOptions(argv)).toThrow(message);
  });
});
