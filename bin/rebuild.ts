/** `npm run rebuild`: the read model, computed anew from the records. */

import { runCommand } from '../lib/command-line/run-command.ts';
import { parseRebuildOptions, REBUILD_USAGE } from '../lib/operate/rebuild/rebuild-options.ts';
import { renderRebuild } from '../lib/operate/rebuild/rebuild-report.ts';
import { runRebuild } from '../lib/operate/rebuild/run-rebuild.ts';

async function run(): Promise<number> {
  const options = parseRebuildOptions(process.argv.slice(2));
  if (options.help) {
    console.log(REBUILD_USAGE);
    return 0;
  }
  const note = options.json ? () => undefined : (line: string) => console.error(line);
  const report = await runRebuild(options, note);
  console.log(options.json ? JSON.stringify(report) : renderRebuild(report));
  return report.ok ? 0 : 1;
}

await runCommand(run);
