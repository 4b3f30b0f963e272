/** `npm run shadow`: where would Holdfast have decided otherwise than the system that decides today? */
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { renderShadow } from '../lib/migrate/shadow/render-shadow.ts';
import { exitCodeOf, shadowFile } from '../lib/migrate/shadow/shadow-command.ts';
import { parseShadowOptions, SHADOW_USAGE } from '../lib/migrate/shadow/shadow-options.ts';

const stop = new AbortController();
// The first one ends the reading, so that the report is printed; the second one ends the process.
process.once('SIGINT', () => stop.abort());

async function run(): Promise<number> {
  const options = parseShadowOptions(process.argv.slice(2));
  if (options.help) {
    console.log(SHADOW_USAGE);
    return 0;
  }
  const machine = {
    clock: systemClock,
    random: systemRandomness,
    progress: createProgress(process.stderr),
    stdin: process.stdin,
    note: (line: string) => console.error(line),
  };
  const report = await shadowFile(options, machine, stop.signal);
  console.log(options.json ? JSON.stringify(report) : renderShadow(report));
  return exitCodeOf(report, options);
}

await runCommand(run);
