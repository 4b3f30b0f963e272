/** `npm run audit`: is every unit of every product of a tenant where it should be? */
import { systemClock } from '../lib/adapters/system/clock.ts';
import { systemRandomness } from '../lib/adapters/system/randomness.ts';
import { createProgress } from '../lib/command-line/progress.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { AUDIT_USAGE, parseAuditOptions } from '../lib/operate/audit/audit-options.ts';
import { auditTenant } from '../lib/operate/audit/audit-tenant.ts';
import { renderAudit } from '../lib/operate/audit/render-audit.ts';
import { openClient } from '../lib/operate/open-client.ts';

async function run(): Promise<number> {
  const options = parseAuditOptions(process.argv.slice(2));
  if (options.help) {
    console.log(AUDIT_USAGE);
    return 0;
  }
  const { api, key = '', concurrency } = options;
  const machine = { clock: systemClock, random: systemRandomness };
  const client = openClient({ baseUrl: api, apiKey: key }, concurrency, machine);
  const world = { client, clock: systemClock, progress: createProgress(process.stderr) };
  const result = await auditTenant(world, options);
  console.log(options.json ? JSON.stringify(result) : renderAudit(result));
  return result.ok ? 0 : 1;
}

await runCommand(run);
