/** `npm run log`: replays the analytics log into a fresh read model. */
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { LOG_USAGE, parseLogOptions } from '../lib/operate/log/log-options.ts';
import { renderLog } from '../lib/operate/log/render-log.ts';
import { runLog } from '../lib/operate/log/run-log.ts';
import { openClient } from '../lib/operate/open-client.ts';

async function run(): Promise<number> {
  const options = parseLogOptions(process.argv.slice(2));
  if (options.help) {
    console.log(LOG_USAGE);
    return 0;
  }
  const machine = { clock: systemClock, random: systemRandomness };
  const result = await runLog(options, {
    openClient: (baseUrl, apiKey, concurrency) => openClient({ baseUrl, apiKey }, concurrency, machine),
    progress: createProgress(process.stderr),
  });
  console.log(options.json ? JSON.stringify(result) : renderLog(result, options.to !== undefined));
  return result.ok ? 0 : 1;
}

await runCommand(run);
