import type { Progress } from '../command-line/progress.ts';
import type { Books } from './books.ts';
import type { Fortune } from './fortune.ts';
import type { ShopApi } from './http/shop-api.ts';
import { type Plan, receiptsOf } from './plan-orders.ts';
import { forEachInOrder } from './slots.ts';

export interface LoadOptions {
  readonly concurrency: number;
  /** Share of the demand that is received. */
  readonly stockFactor: number;
  readonly locations: readonly string[];
  readonly locationOf: (sku: string) => string;
  readonly progress: Progress;
}

/** What the catalogue and the stock are loaded with. */
export interface Loading {
  readonly api: ShopApi;
  readonly books: Books;
  readonly fortune: Fortune;
}

async function loadCatalogue(api: ShopApi, plan: Plan, options: LoadOptions): Promise<void> {
  const { locations, concurrency, progress } = options;
  const region = await api.region();
  for (const [index, locationId] of locations.entries()) {
    await api.putLocation({ locationId, name: `Replay ${locationId}`, region, priority: index + 1 });
  }
  progress.start('Products', plan.products.length);
  await forEachInOrder(plan.products, concurrency, async (product) => {
    await api.putProduct(product);
    progress.advance();
  });
}

/** Creates the locations and the products, and receives stock. */
export async function loadStock({ api, books, fortune }: Loading, plan: Plan, options: LoadOptions) {
  await loadCatalogue(api, plan, options);
  const { concurrency, stockFactor, locationOf, progress } = options;
  const receipts = receiptsOf(plan, stockFactor);
  progress.start('Receipts', receipts.length);
  await forEachInOrder(receipts, concurrency, async ({ id, line }) => {
    const movement = {
      type: 'receipt',
      line,
      locationId: locationOf(line.sku),
      reference: 'opening-stock',
    } as const;
    await api.move(movement, fortune.keyOf(id, 'receive'));
    books.enter('received', [line]);
    progress.advance();
  });
}
