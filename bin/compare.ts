/** `npm run compare`: escrow beside one home region and beside strong consistency, in virtual time. */
import { runCommand } from '../lib/command-line/run-command.ts';
import { COMPARE_USAGE, parseCompareOptions } from '../lib/simulation/comparison/compare-options.ts';
import { compare } from '../lib/simulation/comparison/comparison.ts';
import { renderComparison } from '../lib/simulation/comparison/render-comparison.ts';

async function run(): Promise<number> {
  const options = parseCompareOptions(process.argv.slice(2));
  if (options.help) {
    console.log(COMPARE_USAGE);
    return 0;
  }
  const report = await compare(options, (what) => console.error(what));
  console.log(options.json ? JSON.stringify(report) : renderComparison(report));
  return report.missed.length === 0 ? 0 : 1;
}

await runCommand(run);
