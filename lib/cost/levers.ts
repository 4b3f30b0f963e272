import { type Bill, billOf } from './bill.ts';
import { type PriceList, usdFor } from './price-list.ts';
import { operationsOf, requestsOf, type Workload } from './workload.ts';

/** Something that would make the bill smaller, and by how much. */
export interface Lever {
  readonly what: string;
  readonly usdPerMonth: number;
}

/** What environments take that keep tokens for longer: as of premium tenants today, docs/limits.md. */
const FEWER_TAKES = 1 / 8;

const HALF = 0.5;
const KEPT_MONTHS = 3;
/** Less than sums of floating point can tell. */
const NOISE_USD = 1e-6;

const usdOf = (bill: Bill, part: string, ...whats: readonly string[]): number =>
  bill.items
    .filter((item) => item.part === part && whats.includes(item.what))
    .reduce((sum, { usd }) => sum + usd, 0);

/** Parts left out or replaced. */
function partLevers(workload: Workload, bill: Bill, { prices }: PriceList): Lever[] {
  const { regions } = workload;
  const requests = requestsOf(operationsOf(workload));
  const gateway = usdOf(bill, 'gateway', 'requests', 'firewall', 'firewall, rules', 'firewall, requests');
  return [
    {
      what: 'an HTTP API in place of the REST API, which then has neither firewall nor usage plans',
      usdPerMonth: gateway - usdFor(prices.httpRequest, requests / regions) * regions,
    },
    {
      what: 'no events on the bus',
      usdPerMonth: usdOf(bill, 'spine', 'events', 'archive', 'archive, kept'),
    },
  ];
}

/** What is asked for, or assumed, changed. A change that makes nothing smaller is none. */
function changesOf(workload: Workload): readonly (readonly [what: string, changed: Partial<Workload>])[] {
  const { regions, logKbPerRequest, takesPerRequest, rememberedReadsShare, readsPerOrder } = workload;
  return [
    ['one region less', { regions: Math.max(1, regions - 1) }],
    ['half the log of a request', { logKbPerRequest: logKbPerRequest * HALF }],
    [
      'fewer takes from the buckets of tenants: an eighth of a write unit for each request',
      { takesPerRequest: Math.min(FEWER_TAKES, takesPerRequest) },
    ],
    ['half the reads answered from memory', { rememberedReadsShare: Math.max(HALF, rememberedReadsShare) }],
    ['half the reads not asked at all: a cache at the client', { readsPerOrder: readsPerOrder * HALF }],
    ['half the holds that come to nothing', { holdsPerOrder: 1 + (workload.holdsPerOrder - 1) * HALF }],
    ['orders deleted after three months', { months: Math.min(KEPT_MONTHS, workload.months) }],
  ];
}

/** The biggest levers for a workload, each by itself, the largest first. */
export function leversOf(workload: Workload, prices: PriceList): Lever[] {
  const bill = billOf(workload, prices);
  const changes = changesOf(workload).map(
    ([what, changed]): Lever => ({
      what,
      usdPerMonth: bill.usdPerMonth - billOf({ ...workload, ...changed }, prices).usdPerMonth,
    }),
  );
  return [...partLevers(workload, bill, prices), ...changes]
    .filter(({ usdPerMonth }) => usdPerMonth > NOISE_USD)
    .toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
}
