/** `npm run dlq`: lists, shows and redrives dead-letter queues. */
import { createDeadLetterQueues } from '../lib/adapters/sqs/dead-letters.ts';
import { systemClock } from '../lib/adapters/system/clock.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { LOCAL_CREDENTIALS } from '../lib/local/credentials.ts';
import {
  DEAD_LETTER_USAGE,
  parseDeadLetterOptions,
} from '../lib/operate/dead-letters/dead-letter-options.ts';
import { renderDeadLetters } from '../lib/operate/dead-letters/render-dead-letters.ts';
import { runDeadLetters } from '../lib/operate/dead-letters/run-dead-letters.ts';

async function run(): Promise<number> {
  const options = parseDeadLetterOptions(process.argv.slice(2));
  if (options.help) {
    console.log(DEAD_LETTER_USAGE);
    return 0;
  }
  const result = await runDeadLetters(options, {
    open: (region, endpoint) =>
      createDeadLetterQueues(
        endpoint === undefined ? { region } : { region, endpoint, credentials: LOCAL_CREDENTIALS },
      ),
    clock: systemClock,
    note: (line) => console.error(line),
  });
  console.log(options.json ? JSON.stringify(result) : renderDeadLetters(result));
  return result.ok ? 0 : 1;
}

await runCommand(run);
