/** `npm run bench`: the service's throughput, and that of the same transactions without it. */

import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { BENCH_USAGE, parseBenchOptions } from '../lib/replay/bench/bench-options.ts';
import { renderBench } from '../lib/replay/bench/render-bench.ts';
import { runBench } from '../lib/replay/bench/run-bench.ts';

// An exit, unlike a signal, ends the database process as well.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

async function run(): Promise<number> {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options.help) {
    console.log(BENCH_USAGE);
    return 0;
  }
  const report = await runBench(options, createProgress(process.stderr));
  console.log(options.json ? JSON.stringify(report) : renderBench(report));
  return 0;
}

await runCommand(run);
