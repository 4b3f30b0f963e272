/** `npm run migrate`: stored items, brought to the current version of their form. */

import { systemClock } from '../lib/adapters/system/clock.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { MIGRATE_USAGE, parseMigrateOptions } from '../lib/operate/migrate/migrate-options.ts';
import { renderMigrate } from '../lib/operate/migrate/migrate-report.ts';
import { runMigrate } from '../lib/operate/migrate/run-migrate.ts';

async function run(): Promise<number> {
  const options = parseMigrateOptions(process.argv.slice(2));
  if (options.help) {
    console.log(MIGRATE_USAGE);
    return 0;
  }
  const interrupted = new AbortController();
  // A second one ends it at once: the checkpoint is on disk in any case.
  process.once('SIGINT', () => interrupted.abort());
  const world = {
    progress: createProgress(process.stderr),
    clock: systemClock,
    signal: interrupted.signal,
  };
  const report = await runMigrate(options, world);
  console.log(options.json ? JSON.stringify(report) : renderMigrate(report));
  return report.ok ? 0 : 1;
}

await runCommand(run);
