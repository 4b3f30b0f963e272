/** The rows of an import, each checked by the contracts of the requests it becomes. */
import * as z from 'zod';
import { locationId, sku } from '../../contracts/identifiers.ts';
import { putLocationContract } from '../../contracts/locations.ts';
import { quantityOrNone } from '../../contracts/numbers.ts';
import { putProductContract } from '../../contracts/products.ts';
import { lines } from '../../contracts/reservation.ts';
import { reserveStockContract } from '../../contracts/reserve-stock.ts';
import { foreignId, orderId, reference, stringMap } from '../../contracts/text.ts';
import { instant } from '../../contracts/times.ts';
import { reasonOf } from '../row-fields.ts';

/** In the order in which they need each other. */
export const KINDS = ['products', 'locations', 'stock', 'reservations'] as const;
export type Kind = (typeof KINDS)[number];

const product = z
  .strictObject({ sku, ...putProductContract.body.shape })
  .transform(({ sku: name, ...body }) => ({ kind: 'products' as const, id: name, sku: name, body }));

const location = z
  .strictObject({ locationId, ...putLocationContract.body.shape })
  .transform(({ locationId: name, ...body }) => {
    return { kind: 'locations' as const, id: name, locationId: name, body };
  });

const stock = z
  .strictObject({ sku, locationId, quantity: quantityOrNone })
  .transform((row) => ({ kind: 'stock' as const, id: `${row.sku} at ${row.locationId}`, ...row }));

/** Where the old system's name of a reservation is found again. */
const OLD_ID = 'importedId';

const openReservation = z
  .strictObject({
    id: foreignId,
    status: z.enum(['held', 'confirmed'], { error: 'must be held or confirmed' }).default('held'),
    lines,
    expiresAt: instant.optional(),
    orderId: orderId.optional(),
    reference: reference.optional(),
    metadata: stringMap.default({}),
  })
  .transform((row, context) => {
    const { id, lines: units, reference: given = id, metadata } = row;
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const request = { lines: units, reference: given, metadata: { ...metadata, [OLD_ID]: id } };
    const checked = reserveStockContract.body.safeParse(request);
    if (!checked.success) return fail(reasonOf(checked.error));
    const reservation = { kind: 'reservations' as const, id, request };
    if (row.status === 'confirmed') {
      if (row.orderId === undefined) return fail('orderId is needed: under which order is it confirmed?');
      return { ...reservation, status: row.status, orderId: row.orderId };
    }
    if (row.expiresAt === undefined) return fail('expiresAt is needed: until when is it held?');
    return { ...reservation, status: row.status, expiresAtMs: row.expiresAt };
  });

const SCHEMAS = { products: product, locations: location, stock, reservations: openReservation };

type Rows = { readonly [Name in Kind]: z.output<(typeof SCHEMAS)[Name]> };
export type ProductRow = Rows['products'];
export type LocationRow = Rows['locations'];
export type StockRow = Rows['stock'];
export type ReservationRow = Rows['reservations'];

/** `id`: what the row is about, for people; unique within its kind. */
export type ImportRow = { readonly line: number } & (ProductRow | LocationRow | StockRow | ReservationRow);

/** A row of a file that is no row of an import. */
export interface BadRow {
  readonly line: number;
  readonly kind: Kind | undefined;
  readonly id: string | undefined;
  readonly problem: string;
}

/** Names of rows, in the order in which they are looked for. */
const nameOf = ({ id, sku: product, locationId: place }: Readonly<Record<string, unknown>>) =>
  [id, product, place].find((name): name is string => typeof name === 'string');

/** Judges a row of a kind. */
export function judgeImportRow(
  line: number,
  kind: Kind,
  fields: Readonly<Record<string, unknown>>,
): ImportRow | BadRow {
  const parsed = SCHEMAS[kind].safeParse(fields);
  if (parsed.success) return { line, ...parsed.data };
  return { line, kind, id: nameOf(fields), problem: reasonOf(parsed.error) };
}
