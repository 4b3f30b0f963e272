/** `npm run import`: products, locations, opening balances and open reservations of another system. */
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { importFile } from '../lib/migrate/import/import-command.ts';
import { IMPORT_USAGE, parseImportOptions } from '../lib/migrate/import/import-options.ts';
import { renderImport } from '../lib/migrate/import/render-import.ts';

async function run(): Promise<number> {
  const options = parseImportOptions(process.argv.slice(2));
  if (options.help) {
    console.log(IMPORT_USAGE);
    return 0;
  }
  const report = await importFile(options, {
    clock: systemClock,
    random: systemRandomness,
    progress: createProgress(process.stderr),
    stdin: process.stdin,
    note: (line) => console.error(line),
  });
  console.log(options.json ? JSON.stringify(report) : renderImport(report));
  return report.ok ? 0 : 1;
}

await runCommand(run);
