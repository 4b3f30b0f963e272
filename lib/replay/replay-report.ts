import type { FailedAudit } from './audit-skus.ts';
import type { Books } from './books.ts';
import type { Invoice, InvoiceFile, Rejected } from './collect-invoices.ts';
import type { Latencies, OperationFigures } from './latencies.ts';
import { digestOutcome } from './outcome-digest.ts';
import type { Order, Plan } from './plan-orders.ts';
import type { Outcome } from './play-orders.ts';

/** Orders that ended alike. An order is a cart of up to 50 lines, or one line of a cancellation. */
export interface Tally {
  readonly orders: number;
  readonly lines: number;
  readonly units: number;
}

/** What came of a replay. `--json` prints it. */
export interface ReplayReport {
  /** Every audit agrees with the books. */
  readonly ok: boolean;
  readonly file: string;
  readonly seed: number;
  readonly prefix: string;
  readonly rows: {
    readonly read: number;
    readonly merged: number;
    readonly rejected: Readonly<Record<string, Rejected>>;
  };
  readonly invoices: {
    readonly sales: number;
    readonly cancellations: number;
    readonly empty: number;
    /** Invoices that became several carts. */
    readonly split: number;
    readonly lines: number;
  };
  /** How the orders ended. `held` counts all that got their hold, whatever became of it. */
  readonly outcomes: Readonly<Record<Outcome | 'held', Tally>>;
  readonly throughput: {
    readonly loadSeconds: number;
    readonly playSeconds: number;
    readonly ordersPerSecond: number;
    readonly requestsPerSecond: number;
    readonly retries: number;
  };
  readonly operations: readonly OperationFigures[];
  readonly audit: { readonly skus: number; readonly failed: readonly FailedAudit[] };
  /** Equal for equal files, options and seeds. */
  readonly digest: string;
}

/** What a replay knows when it has ended. */
export interface Findings {
  readonly file: string;
  readonly seed: number;
  readonly prefix: string;
  readonly invoiceFile: InvoiceFile;
  readonly plan: Plan;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly books: Books;
  readonly latencies: Latencies;
  /** Requests that the orders took, without loading and audits. */
  readonly playRequests: number;
  readonly loadMs: number;
  readonly playMs: number;
  readonly failedAudits: readonly FailedAudit[];
}

const linesOf = (order: Order) => (order.kind === 'sale' ? order.lines : [order.line]);

function tally(orders: readonly Order[]): Tally {
  const lines = orders.flatMap(linesOf);
  return {
    orders: orders.length,
    lines: lines.length,
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

function talliesOf({ plan, outcomes }: Findings): ReplayReport['outcomes'] {
  const ended = (...wanted: readonly Outcome[]): Tally =>
    tally(plan.orders.filter(({ id }) => wanted.some((outcome) => outcomes.get(id) === outcome)));
  return {
    held: ended('shipped', 'released', 'expired'),
    refused: ended('refused'),
    shipped: ended('shipped'),
    released: ended('released'),
    expired: ended('expired'),
    returned: ended('returned'),
  };
}

function countInvoices({ invoiceFile: { invoices, emptyInvoices }, plan }: Findings) {
  const ofKind = (kind: Invoice['kind']) => invoices.filter((invoice) => invoice.kind === kind).length;
  return {
    sales: ofKind('sale'),
    cancellations: ofKind('cancellation'),
    empty: emptyInvoices,
    split: plan.orders.filter(({ kind, id }) => kind === 'sale' && id.endsWith('/2')).length,
    lines: invoices.reduce((sum, { lines }) => sum + lines.length, 0),
  };
}

const MS_PER_SECOND = 1_000;

function perSecond(count: number, milliseconds: number): number {
  return milliseconds === 0 ? 0 : (count * MS_PER_SECOND) / milliseconds;
}

/** Sums a replay up. */
export function reportOn(findings: Findings): ReplayReport {
  const { invoiceFile, plan, outcomes, books, latencies, playMs, loadMs, failedAudits } = findings;
  return {
    ok: failedAudits.length === 0,
    file: findings.file,
    seed: findings.seed,
    prefix: findings.prefix,
    rows: {
      read: invoiceFile.rows,
      merged: invoiceFile.mergedRows,
      rejected: Object.fromEntries(invoiceFile.rejected),
    },
    invoices: countInvoices(findings),
    outcomes: talliesOf(findings),
    throughput: {
      loadSeconds: loadMs / MS_PER_SECOND,
      playSeconds: playMs / MS_PER_SECOND,
      ordersPerSecond: perSecond(plan.orders.length, playMs),
      requestsPerSecond: perSecond(findings.playRequests, playMs),
      retries: latencies.retries,
    },
    operations: latencies.figures(),
    audit: { skus: plan.products.length, failed: failedAudits },
    digest: digestOutcome(plan, outcomes, books),
  };
}
