/** What the old system was asked, and what it decided. */
import * as z from 'zod';
import { sku } from '../../contracts/identifiers.ts';
import { recordMovementContract } from '../../contracts/movements.ts';
import { lines } from '../../contracts/reservation.ts';
import { foreignId, orderId } from '../../contracts/text.ts';
import { instant } from '../../contracts/times.ts';
import { joinLines } from '../join-lines.ts';
import { type RecordSource, readRecords } from '../read-records.ts';
import { reasonOf, withValuesOfCells } from '../row-fields.ts';

/** What happens to a reservation. `expire`: the old system gave an unpaid one back. */
const RESERVATION_REQUESTS = ['hold', 'extend', 'confirm', 'release', 'expire', 'cancel', 'ship'] as const;
/** What happens to stock, whoever asks. */
const STOCK_REQUESTS = ['receipt', 'return', 'write_off', 'adjustment', 'count'] as const;
const REQUESTS = [...RESERVATION_REQUESTS, ...STOCK_REQUESTS] as const;

export type ReservationRequest = (typeof RESERVATION_REQUESTS)[number];

const MS_PER_SECOND = 1000;

const common = {
  at: instant,
  /** The old system's name of the reservation, or of the movement. */
  id: foreignId,
  decision: z.enum(['granted', 'refused'], { error: 'must be granted or refused' }).default('granted'),
  /** What the old system showed as available afterwards, by sku; a number where there is one sku only. */
  available: z
    .union([z.int(), z.record(sku, z.int())], { error: 'must be units, or units by sku' })
    .optional(),
};

const reservationFields = z
  .strictObject({
    ...common,
    request: z.enum(RESERVATION_REQUESTS),
    lines: lines.optional(),
    ttlSeconds: z.int().min(1).optional(),
    expiresAt: instant.optional(),
    orderId: orderId.optional(),
  })
  .refine(({ request, lines: units }) => request !== 'hold' || units !== undefined, {
    error: 'lines are needed: what is held?',
  })
  .transform(({ ttlSeconds, expiresAt, lines: units, ...rest }) => ({
    about: 'reservation' as const,
    ...rest,
    lines: units,
    expiresAtMs: expiresAt ?? (ttlSeconds === undefined ? undefined : rest.at + ttlSeconds * MS_PER_SECOND),
  }));

const stockFields = z
  .looseObject({ ...common, request: z.enum(STOCK_REQUESTS) })
  .transform(({ at, id, decision, available, request: type, ...rest }, context) => {
    const movement = recordMovementContract.body.safeParse({ ...rest, type });
    if (movement.success) {
      return { about: 'stock' as const, at, id, decision, available, request: type, movement: movement.data };
    }
    context.addIssue({ code: 'custom', message: reasonOf(movement.error) });
    return z.NEVER;
  });

type Read = z.output<typeof reservationFields> | z.output<typeof stockFields>;
type ReadOf<About> = Omit<Extract<Read, { readonly about: About }>, 'available'> & {
  readonly line: number;
  readonly available: ReadonlyMap<string, number>;
};

export type ReservationDecision = ReadOf<'reservation'>;
export type StockDecision = ReadOf<'stock'>;
export type Decision = ReservationDecision | StockDecision;

/** A line of the log that is no decision. */
export interface BadDecision {
  readonly line: number;
  readonly problem: string;
}

const isStockRequest = (request: unknown): boolean => STOCK_REQUESTS.some((known) => known === request);

const skusOf = (read: Read): readonly string[] =>
  read.about === 'stock' ? [read.movement.sku] : (read.lines ?? []).map(({ sku: product }) => product);

/** A number says of which sku it is only where there is one. */
function availableOf(read: Read): ReadonlyMap<string, number> | undefined {
  if (read.available === undefined) return new Map();
  if (typeof read.available === 'object') return new Map(Object.entries(read.available));
  const [only, ...others] = new Set(skusOf(read));
  return only === undefined || others.length > 0 ? undefined : new Map([[only, read.available]]);
}

/** Judges a line of the log. */
export function judgeDecision(
  line: number,
  fields: Readonly<Record<string, unknown>>,
): Decision | BadDecision {
  const { request } = fields;
  if (!REQUESTS.some((known) => known === request)) {
    return { line, problem: `request must be one of ${REQUESTS.join(', ')}` };
  }
  const parsed = (isStockRequest(request) ? stockFields : reservationFields).safeParse(fields);
  if (!parsed.success) return { line, problem: reasonOf(parsed.error) };
  const available = availableOf(parsed.data);
  if (available !== undefined) return { line, ...parsed.data, available };
  return { line, problem: 'available must name the skus: there is not one sku' };
}

/** Rows of CSV about one request to a reservation belong together. */
function groupOf({ request, id, at }: Readonly<Record<string, unknown>>): string | undefined {
  return isStockRequest(request) ? undefined : JSON.stringify([request, id, at]);
}

/** Reads the decisions of a log in its order, good and bad lines. */
export async function* readDecisions(source: RecordSource): AsyncGenerator<Decision | BadDecision> {
  const records = readRecords(source);
  const whole = source.format === 'csv' ? joinLines(withValuesOfCells(records), groupOf) : records;
  for await (const record of whole) {
    yield 'fields' in record ? judgeDecision(record.line, record.fields) : record;
  }
}
