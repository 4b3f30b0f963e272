#!/usr/bin/env node
// Runs before `npm start` and `npm test`, with whatever Node is there, so it is plain JavaScript and needs no
// package. Installs the locked dependencies when what is installed is not what the lock file says. All output
// goes to stderr: stdout belongs to the command that follows.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readPackages = (file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')).packages;

/** npm writes down what it has installed; packages for other platforms are locked but never installed. */
function isInstalled() {
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) return false;
  // The pinned Node comes from an install script, which a broken-off installation has not run.
  if (!existsSync(`${root}/node_modules/node/bin/node`)) return false;
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(readPackages('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

function installDependencies() {
  process.stderr.write('Installing the locked dependencies (npm ci), about a minute…\n');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...prefix, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(
    'npm ci failed. Check that the npm registry can be reached, then run the command again.\n',
  );
  process.exit(1);
}

if (!isInstalled()) installDependencies();
