/** The commands of the guide for moving in, word for word and in its order. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../tidy/markdown.ts';
import { NewHome } from './new-home.ts';

const ADDRESS = 'API=http://127.0.0.1:4001/v1';
const LAST_PART = 'get() {';
const blocks = codeBlocks('docs/migrate.md', 'sh');

/** The service needs no curl, so its tests must not either. */
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let home: NewHome;

beforeAll(async () => {
  home = await NewHome.open();
}, 120_000);
afterAll(() => home?.close());

/** Each block in a shell of its own, with what the guide says is set. */
async function runBlock(block: string, keys: { readonly KEY: string; readonly SHADOW_KEY: string }) {
  const script = `${ADDRESS.replace(/=.*/, `=${home.api}`)}\n${block}`;
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...keys };
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { env });
  return stdout;
}

describe('the guide for moving in', () => {
  it('brings stock and orders over, and finds what the old system sold twice', async () => {
    const keys = { KEY: (await home.newTenant()).key, SHADOW_KEY: (await home.newTenant()).key };
    const commands = blocks.filter((block) => !block.startsWith(ADDRESS) && !block.startsWith(LAST_PART));
    expect(commands).toHaveLength(6);
    const outputs: string[] = [];
    for (const block of commands) outputs.push(await runBlock(block, keys));
    expect(outputs[0]).toContain('PASSED');
    expect(outputs[1]).toContain('Nothing was sent.');
    expect(outputs[2]).toContain('9 rows, all of them good.');
    expect(outputs[3]).toMatch(/oversell +1 /);
    expect(outputs[3]).toMatch(/late_confirmation +1 /);
    expect(outputs[4]).toMatch(/reservations +2 /);
    expect(outputs[5]).toContain('3 products audited, 0 of them with books that do not agree.');

    if (!hasCurl) return;
    const exported = await runBlock(blocks.find((block) => block.startsWith(LAST_PART)) ?? 'exit 1', keys);
    const answers = exported
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(6);
    expect(answers[4]).toMatchObject({ onHand: 50, committed: 2 });
  }, 240_000);
});
