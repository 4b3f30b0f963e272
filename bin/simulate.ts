/** `npm run simulate`: three simulated regions, in which everything goes wrong, seed after seed. */

import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { simulate } from '../lib/simulation/runner/simulate.ts';
import { parseSimulateOptions, SIMULATE_USAGE } from '../lib/simulation/runner/simulate-options.ts';

async function run(): Promise<number> {
  const options = parseSimulateOptions(process.argv.slice(2));
  if (options.help) {
    console.log(SIMULATE_USAGE);
    return 0;
  }
  const { text, ok } = await simulate(options, createProgress(process.stderr));
  console.log(text);
  return ok ? 0 : 1;
}

await runCommand(run);
