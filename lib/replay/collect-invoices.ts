import { QUANTITY_MAX } from '../domain/limits.ts';
import { type InvoiceLine, isCancellation, judgeRow, type Row, type RowReason } from './judge-row.ts';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

/** All lines of one invoice or cancellation that make sense, each sku once. */
export interface Invoice {
  /** The invoice number; a number that comes again after others gets a suffix, so that ids stay unique. */
  readonly id: string;
  readonly kind: 'sale' | 'cancellation';
  readonly lines: readonly CartLine[];
}

/** Rows that were left out for one reason. */
export interface Rejected {
  readonly rows: number;
  /** Numbers of the first few in the file, the header being row 1. */
  readonly examples: readonly number[];
}

export interface InvoiceFile {
  /** In file order; those without a sensible line are left out. */
  readonly invoices: readonly Invoice[];
  /** Invoices and cancellations of which no line made sense. */
  readonly emptyInvoices: number;
  readonly rows: number;
  /** Rows that added to a line of their invoice that named the same sku. */
  readonly mergedRows: number;
  readonly rejected: ReadonlyMap<RowReason, Rejected>;
  /** What the shop calls each sku: the first description that is not empty. */
  readonly names: ReadonlyMap<string, string>;
}

/** Enough to find the kind of dirt in the file. */
const EXAMPLES_MAX = 3;
const HEADER_ROWS = 1;

interface OpenInvoice {
  readonly invoiceNo: string;
  readonly lines: Map<string, number>;
}

/** Puts rows together to invoices. An invoice ends where a row of another one comes. */
export class InvoiceCollector {
  readonly #limit: number;
  readonly #invoices: Invoice[] = [];
  readonly #rejected = new Map<RowReason, { rows: number; examples: number[] }>();
  readonly #names = new Map<string, string>();
  readonly #appearances = new Map<string, number>();
  #open: OpenInvoice | undefined;
  #emptyInvoices = 0;
  #mergedRows = 0;
  #rows = 0;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  get rows(): number {
    return this.#rows;
  }

  /** @returns `false` when the row begins an invoice beyond the limit; it is then left out. */
  add(row: Row): boolean {
    const judged = judgeRow(row);
    const invoiceNo = 'line' in judged ? judged.line.invoiceNo : judged.invoiceNo;
    const begins = invoiceNo !== undefined && invoiceNo !== this.#open?.invoiceNo;
    if (begins) {
      this.#close();
      if (this.#appearances.size >= this.#limit && !this.#appearances.has(invoiceNo)) return false;
      this.#open = { invoiceNo, lines: new Map() };
    }
    this.#rows += 1;
    if ('line' in judged) this.#addLine(judged.line);
    else this.#reject(judged.reason);
    return true;
  }

  finish(): InvoiceFile {
    this.#close();
    return {
      invoices: this.#invoices,
      emptyInvoices: this.#emptyInvoices,
      rows: this.#rows,
      mergedRows: this.#mergedRows,
      rejected: this.#rejected,
      names: this.#names,
    };
  }

  #addLine({ sku, quantity, description }: InvoiceLine): void {
    const lines = this.#open?.lines ?? new Map<string, number>();
    const before = lines.get(sku);
    const sum = (before ?? 0) + quantity;
    if (sum > QUANTITY_MAX) {
      this.#reject('absurd_quantity');
      return;
    }
    if (before !== undefined) this.#mergedRows += 1;
    lines.set(sku, sum);
    if (!this.#names.get(sku)) this.#names.set(sku, description);
  }

  #reject(reason: RowReason): void {
    const rejected = this.#rejected.get(reason) ?? { rows: 0, examples: [] };
    rejected.rows += 1;
    if (rejected.examples.length < EXAMPLES_MAX) rejected.examples.push(this.#rows + HEADER_ROWS);
    this.#rejected.set(reason, rejected);
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { invoiceNo, lines } = this.#open;
    this.#open = undefined;
    const appearance = (this.#appearances.get(invoiceNo) ?? 0) + 1;
    this.#appearances.set(invoiceNo, appearance);
    if (lines.size === 0) {
      this.#emptyInvoices += 1;
      return;
    }
    this.#invoices.push({
      id: appearance === 1 ? invoiceNo : `${invoiceNo}~${appearance}`,
      kind: isCancellation(invoiceNo) ? 'cancellation' : 'sale',
      lines: [...lines].map(([sku, quantity]) => ({ sku, quantity })),
    });
  }
}
