/** `npm run prove`: is a deployed stage what its templates promise? */
import { performance } from 'node:perf_hooks';
import { createAccountView } from '../lib/adapters/account/account-view.ts';
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { PROVE_USAGE, parseProveOptions } from '../lib/operate/prove/prove-options.ts';
import { runProve } from '../lib/operate/prove/run-prove.ts';
import { renderCheck } from '../lib/operate/smoke/render-smoke.ts';
import { stageAt } from '../lib/operate/smoke/stage-client.ts';

/** As many random digits as keep the runs of years apart. */
const RUN_DIGITS = 16;
/** Whoever runs this is in no region: an answer may take its time. */
const TIMEOUT_MS = 15_000;

async function run(): Promise<number> {
  const options = parseProveOptions(process.argv.slice(2));
  if (options.help) {
    console.log(PROVE_USAGE);
    return 0;
  }
  const print = options.json ? console.error : console.log;
  const report = await runProve(options, {
    account: createAccountView((region) => ({ region, timeoutMs: TIMEOUT_MS })),
    askAt: (api) => stageAt(api, systemClock),
    clock: systemClock,
    runId: `prove-${systemRandomness.hex(RUN_DIGITS)}`,
    now: () => performance.now(),
    onResult: (result) => print(renderCheck(result)),
  });
  const verdict = report.ok ? 'PROVED: all of it.' : 'NOT PROVED: see above.';
  console.log(options.json ? JSON.stringify(report) : verdict);
  return report.ok ? 0 : 1;
}

await runCommand(run);
