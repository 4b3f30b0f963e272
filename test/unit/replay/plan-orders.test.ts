import { describe, expect, it } from 'vitest';
import type { Invoice } from '../../../lib/replay/collect-invoices.ts';
import { planOrders, receiptsOf, skusOf } from '../../../lib/replay/plan-orders.ts';

const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ sku: `S${at}`, quantity: at + 1 }));
const sale = (id: string, count: number): Invoice => ({ id, kind: 'sale', lines: lines(count) });
const plan = (invoices: readonly Invoice[]) => planOrders({ invoices, names: new Map([['S0', 'Zero']]) });

describe('planning orders', () => {
  it.each([
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [130, [50, 50, 30]],
  ])('makes of an invoice with %i lines carts of %j', (count, sizes) => {
    const { orders } = plan([sale('7', count)]);
    expect(orders.map((order) => skusOf(order).length)).toEqual(sizes);
    expect(orders.map(({ id }) => id)).toEqual(sizes.map((_, at) => `7/${at + 1}`));
    expect(orders.flatMap(skusOf)).toEqual(lines(count).map(({ sku }) => sku));
  });

  it('makes a return of each line of a cancellation, in file order with the sales', () => {
    const { orders } = plan([
      sale('7', 1),
      { id: 'C8', kind: 'cancellation', lines: lines(2) },
      sale('9', 1),
    ]);
    expect(orders.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'sale 7/1',
      'return C8/S0',
      'return C8/S1',
      'sale 9/1',
    ]);
  });

  it('knows every product, also one that only comes back, and names it', () => {
    const { products, demand } = plan([{ id: 'C8', kind: 'cancellation', lines: lines(2) }, sale('9', 1)]);
    expect(products).toEqual([
      { sku: 'S0', name: 'Zero' },
      { sku: 'S1', name: 'S1' },
    ]);
    expect([...demand]).toEqual([['S0', 1]]);
  });

  it('is recognised by what it does', () => {
    expect(plan([sale('7', 2)]).fingerprint).toBe(plan([sale('7', 2)]).fingerprint);
    expect(plan([sale('7', 2)]).fingerprint).not.toBe(plan([sale('7', 3)]).fingerprint);
  });
});

describe('stock to receive', () => {
  const receive = (units: number, factor: number) =>
    receiptsOf({ demand: new Map([['A', units]]) }, factor).map(({ line }) => line.quantity);

  it.each([
    [10, 1, [10]],
    [10, 0.55, [5]],
    [1, 0.5, []],
    [10, 0, []],
    [10, 2, [20]],
    [1_500_000_000, 2, [1e9, 1e9, 1e9]],
    [1_500_000_001, 1, [1e9, 500_000_001]],
  ])('%i sold and a factor of %d: %j', (units, factor, receipts) => {
    expect(receive(units, factor)).toEqual(receipts);
  });

  it('gives each receipt an id of its own', () => {
    const ids = receiptsOf({ demand: new Map([['A', 3e9]]) }, 1).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});
