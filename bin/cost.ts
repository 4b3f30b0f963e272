/** `npm run cost`: what a month costs, for so many orders a day. */
import { runCommand } from '../lib/command-line/run-command.ts';
import { COST_USAGE, parseCostOptions } from '../lib/cost/cost-options.ts';
import { costPage } from '../lib/cost/cost-page.ts';
import { estimateOf } from '../lib/cost/estimate.ts';
import { readPriceList } from '../lib/cost/price-list.ts';
import { renderBill } from '../lib/cost/render-bill.ts';

async function run(): Promise<number> {
  const { workload, page, json, help } = parseCostOptions(process.argv.slice(2));
  if (help) {
    console.log(COST_USAGE);
    return 0;
  }
  const prices = readPriceList();
  if (page) {
    console.log(costPage(prices).join('\n\n'));
    return 0;
  }
  const estimate = estimateOf(workload, prices);
  console.log(json ? JSON.stringify(estimate) : renderBill(estimate, prices));
  return 0;
}

await runCommand(run);
