import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markInUse, pruneAssemblies, TEMPORARY_PREFIX } from '../../lib/local/synthesis/prune-assemblies.ts';
import { hashSources } from '../../lib/local/synthesis/source-hash.ts';
import { synthesise } from '../../lib/local/synthesis/synthesise.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'holdfast-synthesis-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text = '') => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};

describe('the hash of the sources', () => {
  const hash = (rest = '') => hashSources(root, ['a.ts', 'lib', 'missing'], rest);

  it('stays while nothing changes, and changes with each thing that counts', async () => {
    write('a.ts', '1');
    write('lib/deep/b.ts', '2');
    const seen = [await hash()];
    expect(await hash()).toBe(seen[0]);
    const changes = [
      () => write('a.ts', '3'),
      () => write('lib/deep/b.ts', '4'),
      () => write('lib/c.ts', '5'),
      () => rmSync(path.join(root, 'lib/deep/b.ts')),
      () => write('missing', ''),
    ];
    for (const change of changes) {
      change();
      seen.push(await hash());
    }
    seen.push(await hash('other regions'));
    expect(new Set(seen).size).toBe(7);
  });

  it('does not change with what is beside the sources', async () => {
    const before = await hash();
    write('other.ts', 'x');
    expect(await hash()).toBe(before);
  });
});

describe('pruning', () => {
  const AGES = Array.from({ length: 9 }, (_, age) => age);
  const add = (name: string, hoursOld: number) => {
    write(`${name}/manifest.json`);
    const at = new Date(Date.now() - hoursOld * 3_600_000);
    utimesSync(path.join(root, name), at, at);
  };

  it('keeps the six that were used last', async () => {
    for (const age of AGES) add(`age${age}`, age);
    await pruneAssemblies(root, path.join(root, 'age0'));
    expect(readdirSync(root).sort()).toEqual(['age0', 'age1', 'age2', 'age3', 'age4', 'age5']);
  });

  it('keeps one that a running process uses, until it no longer does', async () => {
    for (const age of AGES) add(`age${age}`, age);
    const release = await markInUse(path.join(root, 'age8'));
    write('age7/in-use-by-999999999-x');
    for (const age of [7, 8]) add(`age${age}`, age);
    await pruneAssemblies(root, path.join(root, 'age0'));
    expect(readdirSync(root).sort()).toEqual(['age0', 'age1', 'age2', 'age3', 'age4', 'age5', 'age8']);
    await release();
    add('age8', 8);
    await pruneAssemblies(root, path.join(root, 'age0'));
    expect(existsSync(path.join(root, 'age8'))).toBe(false);
  });

  it('removes what an interrupted synthesis left, but not one that runs', async () => {
    add(`${TEMPORARY_PREFIX}old`, 2);
    add(`${TEMPORARY_PREFIX}new`, 0);
    await pruneAssemblies(root, '');
    expect(readdirSync(root)).toEqual([`${TEMPORARY_PREFIX}new`]);
  });
});

describe('synthesis', () => {
  it('takes the result of an earlier run', async () => {
    const options = {
      regions: ['us-east-1'],
      app: 'test/local/fixtures/app.ts',
      sources: ['test/local/fixtures/app.ts'],
      bundle: false,
    };
    const first = await synthesise(options);
    const startedAtMs = performance.now();
    expect((await synthesise(options)).directory).toBe(first.directory);
    expect(performance.now() - startedAtMs).toBeLessThan(500);
    expect(first.stacks).toMatchObject([{ stackName: 'Local-us-east-1-Fixture', region: 'us-east-1' }]);
  });

  it('fails with what the app said, and leaves nothing that counts', async () => {
    write('app.mjs', 'console.error("a sentence about the mistake"); process.exit(1);');
    const app = path.join(root, 'app.mjs');
    const options = { regions: ['us-east-1'], app, sources: [] };
    await expect(synthesise(options)).rejects.toThrow('a sentence about the mistake');
    await expect(synthesise(options)).rejects.toThrow('a sentence about the mistake');
  });

  it('ends at once when it is told to', async () => {
    write('app.mjs', 'setInterval(() => undefined, 1_000);');
    const abort = new AbortController();
    const options = {
      regions: ['us-east-1'],
      app: path.join(root, 'app.mjs'),
      sources: [],
      signal: abort.signal,
    };
    setTimeout(() => abort.abort(new Error('enough')), 200);
    await expect(synthesise(options)).rejects.toThrow('enough');
  });
});
