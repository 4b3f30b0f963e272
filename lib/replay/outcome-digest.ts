import { createHash } from 'node:crypto';
import type { Books } from './books.ts';
import type { Plan } from './plan-orders.ts';
import type { Outcome } from './play-orders.ts';

/**
 * A digest of everything that must be the same in every run of a plan under the same seed: how each order
 * ended, and what became of the units of each sku. Times, ids and retries are no part of it.
 */
export function digestOutcome(
  { orders, products }: Plan,
  outcomes: ReadonlyMap<string, Outcome>,
  books: Books,
): string {
  const hash = createHash('sha256');
  for (const { id } of orders) hash.update(`${JSON.stringify([id, outcomes.get(id) ?? null])}\n`);
  for (const { sku } of products) {
    const { received, shipped, returned } = books.account(sku);
    hash.update(`${JSON.stringify([sku, received, shipped, returned])}\n`);
  }
  return hash.digest('hex');
}
