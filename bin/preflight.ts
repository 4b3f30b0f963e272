/** `npm run preflight`: which deployments lead from what is deployed to what is wanted? */
import { describeShape } from '../lib/adapters/dynamodb/table-shape.ts';
import { runCommand } from '../lib/command-line/run-command.ts';
import { INDEXES } from '../lib/config/table.ts';
import { planDeployments } from '../lib/operate/preflight/plan-deployments.ts';
import { PREFLIGHT_USAGE, parsePreflightOptions } from '../lib/operate/preflight/preflight-options.ts';
import { readShape } from '../lib/operate/preflight/read-shape.ts';
import { renderPlan } from '../lib/operate/preflight/render-plan.ts';

async function run(): Promise<number> {
  const { deployment, endpoint, json, help } = parsePreflightOptions(process.argv.slice(2));
  if (help) {
    console.log(PREFLIGHT_USAGE);
    return 0;
  }
  const { stage, regions, tableName } = deployment;
  const connection = { region: regions[0], ...(endpoint !== undefined && { endpoint }) };
  const indexes = Object.values(INDEXES).map(({ name }) => name);
  const deployed = await readShape(() => describeShape(connection, tableName));
  const plan = planDeployments(deployed, { regions, indexes });
  console.log(json ? JSON.stringify(plan) : renderPlan(plan, stage));
  return plan.outcome === 'impossible' ? 1 : 0;
}

await runCommand(run);
