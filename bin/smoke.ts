/** `npm run smoke`: does a deployed stage do what it should, seen from outside? */
import { performance } from 'node:perf_hooks';
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { renderCheck, renderVerdict } from '../lib/operate/smoke/render-smoke.ts';
import { runSmoke } from '../lib/operate/smoke/run-smoke.ts';
import { parseSmokeOptions, SMOKE_USAGE } from '../lib/operate/smoke/smoke-options.ts';
import { stageAt } from '../lib/operate/smoke/stage-client.ts';

/** As many random digits as keep the runs of years apart. */
const RUN_DIGITS = 16;

async function run(): Promise<number> {
  const { api = '', key = '', json, help } = parseSmokeOptions(process.argv.slice(2));
  if (help) {
    console.log(SMOKE_USAGE);
    return 0;
  }
  const print = json ? console.error : console.log;
  const target = { api, key, runId: `smoke-${systemRandomness.hex(RUN_DIGITS)}` };
  const report = await runSmoke(target, {
    ask: stageAt(api, systemClock),
    clock: systemClock,
    now: () => performance.now(),
    onResult: (result) => print(renderCheck(result)),
  });
  console.log(json ? JSON.stringify(report) : renderVerdict(report));
  return report.ok ? 0 : 1;
}

await runCommand(run);
