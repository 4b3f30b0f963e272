import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/command-line/usage-error.ts';
import { countLines } from '../../../lib/migrate/count-lines.ts';
import { readRecords } from '../../../lib/migrate/read-records.ts';
import { RECORD_CHARACTERS_MAX } from '../../../lib/migrate/record.ts';
import { gather, textSource } from './text-source.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'migrate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const readText = (...from: Parameters<typeof textSource>) => gather(readRecords(textSource(...from)));

describe('records of CSV', () => {
  it('come with the line they end on, and without empty cells', async () => {
    expect(await readText('csv', '\uFEFFa,b\n1,\n"2\nand a half", x \n')).toEqual([
      { line: 2, fields: { a: '1' } },
      { line: 4, fields: { a: '2\nand a half', b: 'x' } },
    ]);
  });

  it('are bad one by one: the next row is read', async () => {
    expect(await readText('csv', 'a,b\n1\n1,2,3\n4,5\n')).toEqual([
      { line: 2, problem: 'has not as many fields as the first line' },
      { line: 3, problem: 'has not as many fields as the first line' },
      { line: 4, fields: { a: '4', b: '5' } },
    ]);
  });

  it('come as they are piped in, before the pipe is closed', async () => {
    const stdin = new PassThrough();
    // The parser looks some characters ahead.
    stdin.write(`a\n1\n${'2\n'.repeat(50)}`);
    const records = readRecords({ file: '-', format: 'csv', stdin });
    expect((await records.next()).value).toEqual({ line: 2, fields: { a: '1' } });
  });

  it('end where a quote is never closed, after all that stands before', async () => {
    const rest = 'x\n'.repeat(RECORD_CHARACTERS_MAX);
    const records = await readText('csv', `a\n1\n"${rest}`, 65_536);
    expect(records).toHaveLength(2);
    expect(records[0]).toEqual({ line: 2, fields: { a: '1' } });
    expect(records[1]).toMatchObject({ problem: expect.stringContaining('nor can what follows') });
  });
});

describe('records of JSON lines', () => {
  it('are objects, one a line, the last one without a line feed', async () => {
    expect(await readText('jsonl', '{"a":1}\n\n[1]\nnot json\n{"ä":"ö"}')).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 3, problem: 'is no JSON object' },
      { line: 4, problem: 'is no JSON' },
      { line: 5, fields: { ä: 'ö' } },
    ]);
  });

  it('that are too long are dropped as they come, and the next line is read', async () => {
    const long = 'x'.repeat(3 * RECORD_CHARACTERS_MAX);
    expect(await readText('jsonl', `{"a":1}\n${long}\n{"a":2}\n`, 65_536)).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 2, problem: `is longer than ${RECORD_CHARACTERS_MAX} characters` },
      { line: 3, fields: { a: 2 } },
    ]);
  });

  it('end when the reading is stopped, though nobody has closed the pipe', async () => {
    const stdin = new PassThrough();
    const stop = new AbortController();
    stdin.write('{"a":1}\n{"a":');
    const records = readRecords({ file: '-', format: 'jsonl', stdin, signal: stop.signal });
    expect((await records.next()).value).toEqual({ line: 1, fields: { a: 1 } });
    setTimeout(() => stop.abort(), 10);
    expect((await records.next()).done).toBe(true);
  });
});

describe('a file', () => {
  it('is unpacked by its name, and its lines are counted', async () => {
    const file = path.join(folder, 'rows.jsonl.gz');
    writeFileSync(file, gzipSync('{"a":1}\n{"a":2}\n'));
    const source = { file, format: 'jsonl', stdin: new PassThrough() } as const;
    expect(await gather(readRecords(source))).toHaveLength(2);
    expect(await countLines(file)).toBe(2);
  });

  it('that is not there is named', async () => {
    const file = path.join(folder, 'missing.csv');
    const read = gather(readRecords({ file, format: 'csv', stdin: new PassThrough() }));
    await expect(read).rejects.toThrow(UsageError);
    await expect(read).rejects.toThrow(file);
    expect(await countLines(file)).toBe(0);
  });
});
