import { type Bill, billOf } from './bill.ts';
import type { PriceList } from './price-list.ts';
import { operationsOf, requestsOf, type Workload } from './workload.ts';

/** Something that would make the bill smaller, and by how much. */
export interface Lever {
  readonly what: string;
  readonly usdPerMonth: number;
}

/** What environments take that keep tokens for longer: as of premium tenants today, docs/limits.md. */
const FEWER_TAKES = 1 / 8;

const usdOf = (bill: Bill, part: string, ...whats: readonly string[]): number =>
  bill.items
    .filter((item) => item.part === part && whats.includes(item.what))
    .reduce((sum, { usd }) => sum + usd, 0);

/** The biggest levers for a workload, the largest first. */
export function leversOf(workload: Workload, prices: PriceList): Lever[] {
  const bill = billOf(workload, prices);
  const saved = (changed: Partial<Workload>) =>
    bill.usdPerMonth - billOf({ ...workload, ...changed }, prices).usdPerMonth;
  const { restRequest, httpRequest } = prices.prices;
  const perRequest = restRequest.usd / restRequest.per - httpRequest.usd / httpRequest.per;
  const levers: Lever[] = [
    {
      what: 'one region less',
      usdPerMonth: workload.regions > 1 ? saved({ regions: workload.regions - 1 }) : 0,
    },
    {
      what: 'an HTTP API in place of the REST API, which then has neither firewall nor usage plans',
      usdPerMonth:
        requestsOf(operationsOf(workload)) * perRequest +
        usdOf(bill, 'gateway', 'firewall', 'firewall, rules', 'firewall, requests'),
    },
    {
      what: 'half the log of a request',
      usdPerMonth: saved({ logKbPerRequest: workload.logKbPerRequest / 2 }),
    },
    {
      what: 'fewer takes from the buckets of tenants: an eighth of a write unit for each request',
      usdPerMonth: workload.takesPerRequest > FEWER_TAKES ? saved({ takesPerRequest: FEWER_TAKES }) : 0,
    },
    {
      what: 'half the reads answered from memory',
      usdPerMonth: workload.rememberedReadsShare < 0.5 ? saved({ rememberedReadsShare: 0.5 }) : 0,
    },
    {
      what: 'half the reads not asked at all: a cache at the client',
      usdPerMonth: saved({ readsPerOrder: workload.readsPerOrder / 2 }),
    },
    {
      what: 'half the holds that come to nothing',
      usdPerMonth: saved({ holdsPerOrder: 1 + (workload.holdsPerOrder - 1) / 2 }),
    },
    {
      what: 'no events on the bus',
      usdPerMonth: usdOf(bill, 'spine', 'events', 'archive', 'archive, kept'),
    },
    {
      what: 'orders deleted after three months',
      usdPerMonth: workload.months > 3 ? saved({ months: 3 }) : 0,
    },
  ];
  return levers
    .filter(({ usdPerMonth }) => usdPerMonth > 0)
    .toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
}
