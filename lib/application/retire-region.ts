/**
 * A region that will never return is retired. The fence comes first: whoever asks for it has removed its replica
 * from the table, so that nothing of it can arrive any more, and each of the other regions writes down for itself
 * that it no longer counts on it. Only then does each of them, by its sweep, write off the units that were stranded
 * and book them in again, at the locations that are at home in it.
 */
import { ABSENT } from '../domain/guarded-write.ts';
import type { Retirement } from '../domain/region.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { tryNow } from './complete-writes.ts';
import { describeRegion, NO_SUCH_REGION, type RegionInfo } from './manage-regions.ts';
import type { Dependencies, RecordRef } from './ports.ts';
import { recoverStranded } from './recover-stranded.ts';

/** Stocks looked at in one call; about as many items as DynamoDB answers with. */
const PAGE = 1000;

/** Pages of one look: the next look begins anew, and passes quickly over what has been recovered. */
const PAGES_MAX = 50;

/**
 * Every environment remembers the regions for five seconds: after this, none accepts a grant of the retired region
 * or counts its quotas any more.
 */
const FENCE_MS = 7000;

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

async function answers(deps: Dependencies, region: string): Promise<boolean> {
  const pinged = await tryNow(async () => {
    await actingIn(deps, region).store.ping();
    return true;
  });
  return pinged === true;
}

/**
 * Retires a region for good. Safe to repeat. The other regions recover what was stranded by themselves, within
 * minutes.
 *
 * Rejections: `not_found`, `invalid_transition` (the region still answers).
 *
 * @throws StoreUnavailableError when another region is out of reach: all of them must know.
 */
export async function retireRegion(deps: Dependencies, region: string): Promise<Result<RegionInfo>> {
  const survivors = deps.regions.filter((other) => other !== region);
  if (!deps.regions.includes(region) || survivors.length === 0) return reject(NO_SUCH_REGION);
  if (await answers(deps, region)) return reject(STILL_THERE);
  await Promise.all(survivors.map((survivor) => fence(actingIn(deps, survivor), region)));
  return succeed(await describeRegion(deps, region));
}

/** Looks at every stock that is at home here. @returns whether all of them are settled. */
async function recoverStocks(home: Dependencies, retired: string): Promise<boolean> {
  const survivors = (await home.regionStates.all()).map(({ region }) => region);
  let isDone = true;
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await home.store.ownStocks({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const stock of found.items) {
      const recovered = await recoverStranded(home, { stock, survivors, retired });
      isDone &&= recovered !== undefined;
    }
    after = found.next;
    if (after === undefined) return isDone;
  }
  return false;
}

async function recover(home: Dependencies, retirement: Retirement): Promise<void> {
  if (home.clock.now() < retirement.retiredAtMs + FENCE_MS) return;
  if (!(await recoverStocks(home, retirement.region))) return;
  const { region, by } = retirement;
  const record: Retirement = { ...retirement, recoveredAtMs: home.clock.now() };
  await home.store.commit([
    {
      entity: 'retirement',
      key: { region, by },
      conditions: [{ is: 'missing', field: 'recoveredAtMs' }],
      effect: { does: 'put', record },
    },
  ]);
}

/** Recovers, in the region that is acted in, what retired regions have left there. The sweep does, until it is done. */
export async function recoverRetired(home: Dependencies): Promise<void> {
  const refs = home.regions.map(
    (region): RecordRef => ({ entity: 'retirement', key: { region, by: home.region } }),
  );
  const retirements = (await home.store.getMany(refs, 'strong')).flatMap(
    (found) => (found as Retirement) ?? [],
  );
  for (const retirement of retirements) {
    // A region that is out of reach keeps it from being done now.
    if (retirement.recoveredAtMs === undefined) await tryNow(() => recover(home, retirement));
  }
}
