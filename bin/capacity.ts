/** `npm run capacity`: what a load asks of everything that takes so much and no more. */
import { runCommand } from '../lib/command-line/run-command.ts';
import { capacityOf } from '../lib/cost/capacity/capacity.ts';
import { CAPACITY_USAGE, parseCapacityOptions } from '../lib/cost/capacity/capacity-options.ts';
import { capacityPage, renderCapacity } from '../lib/cost/capacity/render-capacity.ts';

async function run(): Promise<number> {
  const { demand, page, json, help } = parseCapacityOptions(process.argv.slice(2));
  if (help) {
    console.log(CAPACITY_USAGE);
    return 0;
  }
  if (page) {
    console.log(capacityPage().join('\n\n'));
    return 0;
  }
  const capacity = capacityOf(demand);
  console.log(json ? JSON.stringify(capacity) : renderCapacity(capacity));
  return 0;
}

await runCommand(run);
