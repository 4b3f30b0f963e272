/** `npm run replay`: a file of invoices, as holds, confirmations, shipments and returns. */
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { openApi } from '../lib/replay/open-api.ts';
import { renderReport } from '../lib/replay/render-report.ts';
import { parseReplayOptions, REPLAY_USAGE } from '../lib/replay/replay-options.ts';
import { runReplay } from '../lib/replay/run-replay.ts';

// An exit, unlike a signal, ends the database process as well.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

async function run(): Promise<number> {
  const options = parseReplayOptions(process.argv.slice(2));
  if (options.help) {
    console.log(REPLAY_USAGE);
    return 0;
  }
  const report = await runReplay(options, {
    clock: systemClock,
    random: systemRandomness,
    progress: createProgress(process.stderr),
    openApi: (chosen) => openApi(chosen, (line) => console.error(line)),
  });
  console.log(options.json ? JSON.stringify(report) : renderReport(report));
  return report.ok ? 0 : 1;
}

await runCommand(run);
