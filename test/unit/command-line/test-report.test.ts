import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeFailures } from '../../../lib/command-line/test-report.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
  path = join(folder, 'tests.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passed = { fullName: 'a b', status: 'passed', failureMessages: [] };
const failed = {
  fullName: 'a c',
  status: 'failed',
  failureMessages: ['Error: 1 is not 2\n    at /p/test/x.ts:1:1\n    at /p/node_modules/y.js:2:2'],
};
const fileOf = (name: string, ...assertionResults: readonly object[]) => ({
  name: `/p/test/${name}`,
  status: assertionResults.every((result) => result === passed) ? 'passed' : 'failed',
  message: '',
  assertionResults,
});

describe('a report of tests', () => {
  it('names each test that failed, and where, without the frames of other packages', () => {
    writeFileSync(
      path,
      JSON.stringify({ testResults: [fileOf('x.ts', passed, failed), fileOf('y.ts', passed)] }),
    );
    expect(takeFailures(path, '/p')).toEqual([
      'test/x.ts: a c\n  Error: 1 is not 2\n      at /p/test/x.ts:1:1',
    ]);
  });

  it('names a file that could not be loaded', () => {
    const broken = { ...fileOf('z.ts'), status: 'failed', message: 'Cannot find module' };
    writeFileSync(path, JSON.stringify({ testResults: [broken] }));
    expect(takeFailures(path, '/p')).toEqual(['test/z.ts\n  Cannot find module']);
  });

  it('shortens what is long', () => {
    const long = { ...failed, failureMessages: [`${'x'.repeat(5_000)}\n`.repeat(100)] };
    writeFileSync(path, JSON.stringify({ testResults: [fileOf('x.ts', long)] }));
    expect(takeFailures(path, '/p').join('').length).toBeLessThan(3_000);
  });

  it('is read once, so that no step shows the failures of the one before', () => {
    writeFileSync(path, JSON.stringify({ testResults: [fileOf('x.ts', failed)] }));
    expect(takeFailures(path, '/p')).toHaveLength(1);
    expect(existsSync(path)).toBe(false);
    expect(takeFailures(path, '/p')).toEqual([]);
  });
});
