import { type Result, reject, succeed } from '../domain/rejection.ts';
import { grantsUnderWay } from './grants-under-way.ts';
import { readSkuEverywhere } from './owned-records.ts';
import type { Dependencies } from './ports.ts';

/** Who may promise the units of a sku at one location. */
export interface LocationQuotas {
  readonly locationId: string;
  readonly homeRegion: string;
  readonly keptBack: number;
  readonly shortage: number;
  readonly quotas: readonly {
    readonly region: string;
    readonly available: number;
    readonly promised: number;
    readonly shards: number;
  }[];
  /** Units on their way between two regions. */
  readonly inTransit: number;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/**
 * The quotas of a sku in every region, read strongly from their owners.
 *
 * Rejections: `not_found`.
 *
 * @throws StoreUnavailableError when a region is out of reach.
 */
export async function readQuotas(
  deps: Dependencies,
  tenantId: string,
  sku: string,
): Promise<Result<{ readonly sku: string; readonly items: readonly LocationQuotas[] }>> {
  const records = await readSkuEverywhere(deps, tenantId, sku);
  if (records.product === undefined) {
    return reject({ code: 'not_found', detail: `There is no product ${sku}.` });
  }
  const underWay = await grantsUnderWay(deps, records.grants);
  const items = records.stocks.map(({ locationId, region: homeRegion, keptBack, shortage }) => {
    const quotas = records.quotas.filter((quota) => quota.locationId === locationId);
    const byRegion = Map.groupBy(quotas, ({ region }) => region);
    return {
      locationId,
      homeRegion,
      keptBack,
      shortage,
      quotas: [...byRegion].map(([region, shards]) => ({
        region,
        available: total(shards.map(({ available }) => available)),
        promised: total(shards.map(({ promised }) => promised)),
        shards: shards.length,
      })),
      inTransit: total(
        underWay.filter((grant) => grant.locationId === locationId).map(({ quantity }) => quantity),
      ),
    };
  });
  return succeed({ sku, items });
}
