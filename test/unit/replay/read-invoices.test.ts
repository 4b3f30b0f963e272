import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/command-line/usage-error.ts';
import { ROW_REASONS } from '../../../lib/replay/judge-row.ts';
import { readInvoices } from '../../../lib/replay/read-invoices.ts';
import { SAMPLE_FILE } from '../../../lib/replay/replay-options.ts';

const HEADER = 'invoice_no,stock_code,description,quantity,invoice_ts_utc,unit_price_gbp,country';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const row = (invoice: string, code: string, quantity: number, description = '') =>
  `${invoice},${code},${description},${quantity},2024-03-04T08:12:00Z,1.5,France`;

function file(rows: readonly string[], name = 'orders.csv'): string {
  const target = path.join(folder, name);
  const text = [HEADER, ...rows].join('\n');
  writeFileSync(target, name.endsWith('.gz') ? gzipSync(text) : text);
  return target;
}

describe('reading invoices', () => {
  it('puts rows together, adds equal skus up, and names products', async () => {
    const rows = [
      row('1', 'lamp', 2),
      row('1', 'vase', 1, 'BEE'),
      row('1', 'LAMP', 3, 'AYE'),
      row('C2', 'vase', -1),
    ];
    const { invoices, mergedRows, names } = await readInvoices({ file: file(rows) });
    expect(invoices).toEqual([
      {
        id: '1',
        kind: 'sale',
        lines: [
          { sku: 'LAMP', quantity: 5 },
          { sku: 'VASE', quantity: 1 },
        ],
      },
      { id: 'C2', kind: 'cancellation', lines: [{ sku: 'VASE', quantity: 1 }] },
    ]);
    expect(mergedRows).toBe(1);
    expect([...names]).toEqual([
      ['LAMP', 'AYE'],
      ['VASE', 'BEE'],
    ]);
  });

  it('reads gzipped files, byte order marks, quotes and Windows line ends', async () => {
    const text = `\uFEFF${HEADER}\r\n1,lamp,"LAMP, ""RED""",2,2024-03-04T08:12:00Z,1.5,France\r\n`;
    const target = path.join(folder, 'bom.csv.gz');
    writeFileSync(target, gzipSync(text));
    const { invoices, names } = await readInvoices({ file: target });
    expect(invoices).toHaveLength(1);
    expect(names.get('LAMP')).toBe('LAMP, "RED"');
  });

  it('reads the first invoices only, cancellations included, and not a row more', async () => {
    const rows = [row('1', 'lamp', 2), row('C2', 'vase', -1), row('C2', 'lamp', -1), row('3', 'lamp', 1)];
    const read = await readInvoices({ file: file(rows), limit: 2 });
    expect(read.invoices.map(({ id }) => id)).toEqual(['1', 'C2']);
    expect(read.rows).toBe(3);
  });

  it('calls an invoice that goes on after another one by another name', async () => {
    const rows = [row('1', 'lamp', 2), row('2', 'lamp', 1), row('1', 'lamp', 1)];
    const { invoices } = await readInvoices({ file: file(rows) });
    expect(invoices.map(({ id }) => id)).toEqual(['1', '2', '1~2']);
  });

  it('counts what it leaves out, by reason, and says where', async () => {
    const rows = [row('1', 'POST', 1), row('1', 'lamp', -2), row('1', 'DOT', 1), 'x', row('1', 'vase', 1)];
    const { rejected, invoices, emptyInvoices } = await readInvoices({
      file: file([...rows, row('2', 'M', 1)]),
    });
    expect(rejected.get('not_a_product')).toEqual({ rows: 3, examples: [2, 4, 7] });
    expect(rejected.get('nothing_sold')).toEqual({ rows: 1, examples: [3] });
    expect(rejected.get('missing_field')).toEqual({ rows: 1, examples: [5] });
    expect(invoices).toHaveLength(1);
    expect(emptyInvoices).toBe(1);
  });

  it('leaves out a row that makes a line larger than the API takes', async () => {
    const { invoices, rejected } = await readInvoices({
      file: file([row('1', 'lamp', 1e9), row('1', 'lamp', 1)]),
    });
    expect(invoices[0]?.lines).toEqual([{ sku: 'LAMP', quantity: 1e9 }]);
    expect(rejected.get('absurd_quantity')?.rows).toBe(1);
  });

  it.each([
    ['a file that is not there', () => path.join(folder, 'nowhere.csv')],
    ['a folder', () => folder],
    ['a file without the columns', () => file([], 'other.csv').replace('other.csv', 'columns.csv')],
    ['a gzipped file that was cut', () => path.join(folder, 'cut.csv.gz')],
  ])('says in one line what is wrong with %s', async (_name, target) => {
    writeFileSync(path.join(folder, 'columns.csv'), 'a,b\n1,2\n');
    const whole = gzipSync(
      [HEADER, ...Array.from({ length: 999 }, (_, at) => row(`${at}`, `s${at}`, at))].join('\n'),
    );
    writeFileSync(path.join(folder, 'cut.csv.gz'), whole.subarray(0, whole.length / 2));
    const reading = readInvoices({ file: target() });
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.toThrow(/^[^\n]+$/);
  });

  it('finds every kind of dirt in the sample', async () => {
    const { rejected, invoices } = await readInvoices({ file: SAMPLE_FILE });
    expect([...rejected.keys()].sort()).toEqual(Object.keys(ROW_REASONS).sort());
    expect(invoices.some(({ lines }) => lines.length > 50)).toBe(true);
    expect(invoices.some(({ kind }) => kind === 'cancellation')).toBe(true);
  });
});
