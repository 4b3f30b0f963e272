import { createHash } from 'node:crypto';
import { QUANTITY_MAX, RESERVATION_LINES_MAX } from '../domain/limits.ts';
import type { CartLine, Invoice, InvoiceFile } from './collect-invoices.ts';

/** A cart to hold, confirm and ship: an invoice, or a part of one that has more lines than a reservation takes. */
export interface Sale {
  readonly kind: 'sale';
  readonly id: string;
  readonly lines: readonly CartLine[];
}

/** One line of a cancellation: units that come back. */
export interface Return {
  readonly kind: 'return';
  readonly id: string;
  readonly line: CartLine;
}

export type Order = Sale | Return;

export interface Product {
  readonly sku: string;
  readonly name: string;
}

/** What a replay will do, before it does anything. */
export interface Plan {
  /** In file order. */
  readonly orders: readonly Order[];
  /** Every product that an order names, by sku. */
  readonly products: readonly Product[];
  /** Units that all sales together ask for, by sku. */
  readonly demand: ReadonlyMap<string, number>;
  /** Equal for equal plans: hexadecimal digits. */
  readonly fingerprint: string;
}

/** What to receive before the first order. */
export interface Receipt {
  readonly id: string;
  readonly line: CartLine;
}

/** Skus of an order: what it shares with others. */
export const skusOf = (order: Order): string[] =>
  order.kind === 'sale' ? order.lines.map(({ sku }) => sku) : [order.line.sku];

function cartsOf({ id, lines }: Invoice): Sale[] {
  const carts: Sale[] = [];
  for (let start = 0; start < lines.length; start += RESERVATION_LINES_MAX) {
    carts.push({
      kind: 'sale',
      id: `${id}/${carts.length + 1}`,
      lines: lines.slice(start, start + RESERVATION_LINES_MAX),
    });
  }
  return carts;
}

const returnsOf = ({ id, lines }: Invoice): Return[] =>
  lines.map((line) => ({ kind: 'return', id: `${id}/${line.sku}`, line }));

const ordersOf = (invoice: Invoice): readonly Order[] =>
  invoice.kind === 'sale' ? cartsOf(invoice) : returnsOf(invoice);

function demandOf(orders: readonly Order[]): Map<string, number> {
  const demand = new Map<string, number>();
  for (const order of orders) {
    if (order.kind === 'return') continue;
    for (const { sku, quantity } of order.lines) demand.set(sku, (demand.get(sku) ?? 0) + quantity);
  }
  return demand;
}

/** Turns the invoices of a file into orders. A shop never gave some products a name: they are called by sku. */
export function planOrders({ invoices, names }: Pick<InvoiceFile, 'invoices' | 'names'>): Plan {
  const orders = invoices.flatMap(ordersOf);
  const skus = [...new Set(orders.flatMap(skusOf))].sort();
  return {
    orders,
    products: skus.map((sku) => ({ sku, name: names.get(sku) || sku })),
    demand: demandOf(orders),
    fingerprint: createHash('sha256').update(JSON.stringify(orders)).digest('hex'),
  };
}

/**
 * Stock to receive: the share `factor` of what the file will sell, rounded down. A product of which that is
 * more than one movement takes is received in several.
 */
export function receiptsOf({ demand }: Pick<Plan, 'demand'>, factor: number): Receipt[] {
  return [...demand].flatMap(([sku, sold]) => {
    const receipts: Receipt[] = [];
    for (let rest = Math.floor(sold * factor); rest > 0; rest -= QUANTITY_MAX) {
      const line = { sku, quantity: Math.min(rest, QUANTITY_MAX) };
      receipts.push({ id: `receipt/${sku}/${receipts.length + 1}`, line });
    }
    return receipts;
  });
}
