/** `npm test` and `npm run check`: everything there is, one step after the other, and one summary at the end. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportingTo, takeFailures } from '../lib/command-line/test-report.ts';

const output = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
const synth = (name: string, regions: string) =>
  ['cdk', 'synth', '**', '--quiet', '-c', `regions=${regions}`, '-o', join(output, name)] as const;

const report = join(output, 'tests.json');
const vitest = (...args: readonly string[]) => ['vitest', 'run', ...reportingTo(report), ...args] as const;

/** The thousand simulated hours, and the mutants. */
const SIMULATION = 'test/simulation/proof.test.ts';

/** Each step is a command of a package in node_modules; the cheap ones come first. */
const STEPS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['types', 'tsc'],
  ['lint and format', 'biome', 'check', '.'],
  ['architecture', 'depcruise', '--config', '.dependency-cruiser.cjs', 'bin', 'lib', 'lambdas', 'test'],
  ['dead code', 'knip'],
  ['tests', ...vitest('--exclude', 'test/e2e/**', '--exclude', SIMULATION)],
  // By itself: it runs a thousand hours in threads of its own, one for each core.
  ['simulation', ...vitest(SIMULATION, '--no-file-parallelism')],
  // One after the other: each runs the whole service, and its callers time out as real ones do.
  ['end to end', ...vitest('test/e2e', '--no-file-parallelism')],
  ['synthesis, one region', ...synth('one', 'us-east-1')],
  ['synthesis, three regions', ...synth('three', 'us-east-1,eu-west-1,ap-northeast-1')],
];

/** No step may hang for ever; the longest, the tests, takes a few minutes. */
const STEP_TIMEOUT_MS = 30 * 60_000;

const PATH = `${join(import.meta.dirname, '..', 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`;
const results: { name: string; seconds: string; passed: boolean; failures: readonly string[] }[] = [];

for (const [name, command = '', ...args] of STEPS) {
  console.log(`\n▶ ${name}: ${[command, ...args].join(' ')}`);
  const startedAt = Date.now();
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    timeout: STEP_TIMEOUT_MS,
    env: { ...process.env, PATH },
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  results.push({ name, seconds, passed: status === 0, failures: takeFailures(report, process.cwd()) });
}
rmSync(output, { recursive: true, force: true });

console.log('\nSummary');
for (const { name, seconds, passed, failures } of results) {
  console.log(`  ${passed ? '✔' : '✘'} ${name.padEnd(26)} ${seconds.padStart(7)} s`);
  for (const failure of failures) console.log(`\n✘ ${failure}\n`);
}
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? '\nEverything passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
