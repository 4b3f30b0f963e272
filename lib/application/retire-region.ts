/**
 * A region that will never return is retired. The fence comes first: whoever runs this has removed its replica
 * from the table, so that nothing of it can arrive any more, and each of the other regions writes down for itself
 * that it no longer counts on it. Only then are the units that were stranded there written off and booked in
 * again, in the home region of their location.
 */

import { ABSENT } from '../domain/guarded-write.ts';
import type { Retirement } from '../domain/region.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import type { Stock } from '../domain/stock.ts';
import { actingIn } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { CONTENDED } from './idempotency.ts';
import type { Caller, Dependencies } from './ports.ts';
import { recoverStranded } from './recover-stranded.ts';

/** Stocks read at once. */
const PAGE = 100;

/**
 * Every environment remembers the regions for five seconds: after this, none accepts a grant of the retired region
 * or counts its quotas any more.
 */
const FENCE_MS = 7000;

export interface Retired {
  readonly region: string;
  /** Stocks that were looked at. */
  readonly stocks: number;
  /** Units that were stranded and are for sale again, or have paid what their location was owed. */
  readonly recovered: number;
}

const NO_SUCH_REGION: Rejection = { code: 'not_found', detail: 'There is no such region.' };

const STILL_THERE: Rejection = {
  code: 'invalid_transition',
  detail: 'The region answers. Drain it, or remove its replica from the table before it is retired.',
};

async function fence(survivor: Dependencies, region: string): Promise<void> {
  const { store, clock, region: by } = survivor;
  const record: Retirement = { region, by, retiredAtMs: clock.now() };
  await store.commit([
    {
      entity: 'retirement',
      key: { region, by },
      conditions: [ABSENT],
      effect: { does: 'put', record },
    },
  ]);
}

/** All stocks that are at home in a region. */
async function homeStocks(home: Dependencies): Promise<Stock[]> {
  const stocks: Stock[] = [];
  let after: string | undefined;
  do {
    const page = await home.store.ownStocks({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    stocks.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return stocks;
}

/**
 * Retires a region for good. Safe to repeat: it goes on where it was cut off.
 *
 * Rejections: `not_found`, `invalid_transition` (the region still answers), `contended` (a sku was too busy to be
 * settled; again, please).
 *
 * @throws StoreUnavailableError when another region is out of reach: all of them must know.
 */
export async function retireRegion(
  deps: Dependencies,
  caller: Pick<Caller, 'actor'>,
  region: string,
): Promise<Result<Retired>> {
  const survivors = deps.regions.filter((other) => other !== region);
  if (!deps.regions.includes(region) || survivors.length === 0) return reject(NO_SUCH_REGION);
  const isThere = await tryNow(async () => {
    await actingIn(deps, region).store.ping();
    return true;
  });
  if (isThere === true) return reject(STILL_THERE);
  await Promise.all(survivors.map((survivor) => fence(actingIn(deps, survivor), region)));
  await deps.clock.sleep(FENCE_MS);
  let recovered = 0;
  let looked = 0;
  for (const survivor of survivors) {
    const home = actingIn(deps, survivor);
    for (const stock of await homeStocks(home)) {
      const units = await recoverStranded(home, { stock, survivors, retired: region, actor: caller.actor });
      if (units === undefined) return reject(CONTENDED);
      recovered += units;
      looked += 1;
    }
  }
  return succeed({ region, stocks: looked, recovered });
}
