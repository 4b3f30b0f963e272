/** `npm start`: the whole system on this machine. */
import { runCommand } from '../lib/local/command.ts';
import { countDue } from '../lib/local/due-count.ts';
import { seedOnce } from '../lib/local/seed-once.ts';

const allOutput = process.env['HOLDFAST_LOGS'] === 'all';

await runCommand(process.argv.slice(2), { seed: seedOnce, countDue, allOutput });
