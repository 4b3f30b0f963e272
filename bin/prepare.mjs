#!/usr/bin/env node
// Runs before `npm start` and `npm test`, with whatever Node is there, so it is plain JavaScript and needs no
// package. Installs the locked dependencies when they are missing or older than the lock file. All output goes
// to stderr: stdout belongs to the command that follows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}/node_modules/.holdfast-lock`;
const lock = createHash('sha256').update(readFileSync(`${root}/package-lock.json`)).digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;

function installDependencies() {
  process.stderr.write('Installing the locked dependencies (npm ci), about a minute…\n');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...prefix, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed. Check that the npm registry can be reached, then run the command again.\n');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

if (!installed) installDependencies();
