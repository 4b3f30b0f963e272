/** `npm test` and `npm run check`: everything there is, one step after the other, and one summary at the end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as z from 'zod';

const output = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
const synth = (name: string, regions: string) =>
  ['cdk', 'synth', '**', '--quiet', '-c', `regions=${regions}`, '-o', join(output, name)] as const;

/** The thousand simulated hours, and the mutants. */
const SIMULATION = 'test/simulation/proof.test.ts';

/** What vitest found, for the summary: the log of a whole run is long, and its end is what people look at. */
const REPORT = join(output, 'tests.json');
const REPORTERS = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
const vitest = (...args: readonly string[]) => ['vitest', 'run', ...REPORTERS, ...args] as const;

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

/** The part of vitest's JSON report that the summary shows; a file that did not load has a message and no tests. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Each test of the last step that failed, with the beginning of why; none when the step was no test. */
function takeFailures(): string[] {
  if (!existsSync(REPORT)) {
    return [];
  }
  const { testResults } = Report.parse(JSON.parse(readFileSync(REPORT, 'utf8')));
  rmSync(REPORT);
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const failed = assertionResults
        .filter(({ status }) => status === 'failed')
        .map(
          ({ fullName, failureMessages }) => `${file}: ${fullName}\n${excerpt(failureMessages.join('\n'))}`,
        );
      return failed.length === 0 ? [`${file}\n${excerpt(message)}`] : failed;
    });
}

/** The beginning of a long message without the frames of other packages, indented below the name of its test. */
function excerpt(message: string): string {
  return message
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, EXCERPT_LINES)
    .map((line) => `      ${line.slice(0, EXCERPT_COLUMNS)}`)
    .join('\n');
}

/** Enough for a message, a difference and the first frames of a stack, and short enough to read many. */
const EXCERPT_LINES = 12;
const EXCERPT_COLUMNS = 200;

const bin = join(import.meta.dirname, '..', 'node_modules', '.bin');
const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
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
  results.push({ name, seconds, passed: status === 0, failures: takeFailures() });
}
rmSync(output, { recursive: true, force: true });

console.log('\nSummary');
for (const { name, seconds, passed, failures } of results) {
  console.log(`  ${passed ? '✔' : '✘'} ${name.padEnd(26)} ${seconds.padStart(7)} s`);
  for (const failure of failures) {
    console.log(`    ✘ ${failure}`);
  }
}
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? '\nEverything passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
