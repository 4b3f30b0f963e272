import { QUANTITY_MAX } from '../domain/limits.ts';
import { isServiceCode, isSku, normaliseCode } from './product-code.ts';

/** Why a row made no sense, in the order in which rows are judged: each is counted once. */
export const ROW_REASONS = {
  missing_field: 'a field is missing',
  malformed_invoice_number: 'the invoice number is no number',
  not_a_product: 'the code stands for postage, a fee, a voucher or other book-keeping',
  malformed_code: 'the code cannot be a sku',
  malformed_quantity: 'the quantity is no integer',
  absurd_quantity: `the quantity is beyond ${QUANTITY_MAX}`,
  nothing_sold: 'a sale of no units, or of fewer',
  nothing_returned: 'a cancellation that returns no units',
  malformed_price: 'the price is no number',
  no_price: 'the price is zero or less: a correction of stock, not a sale',
} as const;

export type RowReason = keyof typeof ROW_REASONS;

/** A row as the file has it, by the names of its header. */
export type Row = Readonly<Record<string, string | undefined>>;

/** One line of an invoice or of a cancellation; the quantity is positive in both. */
export interface InvoiceLine {
  readonly invoiceNo: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
}

export type JudgedRow =
  | { readonly line: InvoiceLine }
  /** `invoiceNo` is absent when the row does not tell it. */
  | { readonly reason: RowReason; readonly invoiceNo?: string };

/** Columns that the file must have, and that every row must fill. */
export const REQUIRED_COLUMNS = [
  'invoice_no',
  'stock_code',
  'quantity',
  'invoice_ts_utc',
  'unit_price_gbp',
] as const;

/** Goes into references and order ids, which take printable characters. */
const INVOICE_NUMBER = /^[A-Z]?[0-9]{1,31}$/;
const INTEGER = /^[+-]?[0-9]+$/;
const CANCELLATION_MARK = 'C';

/** Whether an invoice number marks a cancellation. */
export const isCancellation = (invoiceNo: string): boolean => invoiceNo.startsWith(CANCELLATION_MARK);

function quantityReason(text: string, isReturn: boolean): RowReason | undefined {
  if (!INTEGER.test(text)) return 'malformed_quantity';
  const quantity = Number(text);
  if (Math.abs(quantity) > QUANTITY_MAX) return 'absurd_quantity';
  if (isReturn) return quantity < 0 ? undefined : 'nothing_returned';
  return quantity > 0 ? undefined : 'nothing_sold';
}

function priceReason(text: string): RowReason | undefined {
  const price = Number(text);
  if (!Number.isFinite(price)) return 'malformed_price';
  return price > 0 ? undefined : 'no_price';
}

function codeReason(code: string): RowReason | undefined {
  if (isServiceCode(code)) return 'not_a_product';
  return isSku(code) ? undefined : 'malformed_code';
}

/** Judges one row of the file: a line to replay, or the reason why it makes no sense. */
export function judgeRow(row: Row): JudgedRow {
  const field = (name: (typeof REQUIRED_COLUMNS)[number]): string => (row[name] ?? '').trim();
  const invoiceNo = field('invoice_no').toUpperCase();
  const code = normaliseCode(field('stock_code'));
  const isMissing = REQUIRED_COLUMNS.some((name) => field(name) === '');
  if (!INVOICE_NUMBER.test(invoiceNo)) {
    return { reason: isMissing ? 'missing_field' : 'malformed_invoice_number' };
  }
  const reason =
    (isMissing ? 'missing_field' : undefined) ??
    codeReason(code) ??
    quantityReason(field('quantity'), isCancellation(invoiceNo)) ??
    priceReason(field('unit_price_gbp'));
  if (reason !== undefined) return { reason, invoiceNo };
  const description = (row['description'] ?? '').trim();
  return { line: { invoiceNo, sku: code, description, quantity: Math.abs(Number(field('quantity'))) } };
}
