import type { Item } from './item.ts';
import { databaseItems } from './parts/database.ts';
import { functionItems } from './parts/functions.ts';
import { gatewayItems } from './parts/gateway.ts';
import { spineItems } from './parts/spine.ts';
import { standingItems } from './parts/standing.ts';
import { transferItems } from './parts/transfer.ts';
import { type PriceList, usdFor } from './price-list.ts';
import type { Workload } from './workload.ts';

export interface BilledItem extends Item {
  readonly usd: number;
}

export interface Bill {
  readonly items: readonly BilledItem[];
  readonly usdPerMonth: number;
}

/** What a month costs, item by item: the whole path, from the gateway to what lies in storage. */
export function billOf(workload: Workload, { prices }: PriceList): Bill {
  // Tiers are counted by region.
  const { regions } = workload;
  const parts = [gatewayItems, functionItems, databaseItems, spineItems, standingItems, transferItems];
  const items = parts
    .flatMap((itemsOf) => itemsOf(workload))
    .map((item) => ({ ...item, usd: usdFor(prices[item.price], item.quantity / regions) * regions }));
  return { items, usdPerMonth: items.reduce((sum, { usd }) => sum + usd, 0) };
}
