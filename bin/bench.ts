/** `npm run bench`: the service's throughput, and that of the same transactions without it. */
import { BENCH_USAGE, parseBenchOptions } from '../lib/replay/bench/bench-options.ts';
import { renderBench } from '../lib/replay/bench/render-bench.ts';
import { runBench } from '../lib/replay/bench/run-bench.ts';
import { isExpectedFailure } from '../lib/replay/expected-failure.ts';
import { createProgress } from '../lib/replay/progress.ts';

// An exit, unlike a signal, ends the database process as well.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

async function run(): Promise<void> {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options.help) {
    console.log(BENCH_USAGE);
    return;
  }
  const report = await runBench(options, createProgress(process.stderr));
  console.log(options.json ? JSON.stringify(report) : renderBench(report));
}

try {
  await run();
  process.exit(0);
} catch (error) {
  console.error(isExpectedFailure(error) ? error.message : error);
  process.exit(1);
}
