/** The walk through of the README, word for word. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../tidy/markdown.ts';
import { startTestStack, type TestStack } from './stack.ts';

const ADDRESS = 'API=http://127.0.0.1:4001/v1';
const walk = codeBlocks('README.md', 'sh').find((block) => block.startsWith(ADDRESS));

/** The service needs no curl, so its tests must not either. */
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

describe('the walk through of the README', () => {
  it.runIf(hasCurl)('ends with two shipped, eight left and nothing amiss', async () => {
    const api = test.stack.regions[0]?.api ?? '';
    const script = walk?.replace(ADDRESS, `API=${api}`) ?? 'exit 1';
    const env = { PATH: process.env['PATH'] ?? '', KEY: test.stack.keys?.demo ?? '' };
    const { stdout } = await promisify(execFile)('sh', ['-euc', script], { env });
    const answers = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { sku: 'KEYBOARD-01', version: 1 },
      { locationId: 'north', version: 1 },
      { type: 'receipt', onHandAfter: 10 },
      { status: 'held' },
      { status: 'confirmed', orderId: 'order-1' },
      { status: 'shipped' },
      { onHand: 8, available: 8, held: 0, committed: 0 },
      { ok: true, stable: true, onHand: 8 },
    ]);
  });
});
