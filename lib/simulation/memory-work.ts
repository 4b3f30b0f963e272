/** What the simulated store knows of claims and of work that is due. */
import { DUE_BATCH_MAX } from '../adapters/dynamodb/answer-limits.ts';
import { timePosition } from '../adapters/dynamodb/keys.ts';
import type { Claims, DueWork, SeenClaims } from '../application/ports.ts';
import type { Product } from '../domain/catalogue.ts';
import { isOpen, type Reservation } from '../domain/reservation.ts';
import type { Shipment } from '../domain/shipment.ts';
import { claimsOfReservation } from '../domain/unit-claims.ts';
import { byCreation, sorted } from './memory-lists.ts';
import type { MemoryRecords } from './memory-records.ts';

const names = (lines: readonly { readonly sku: string }[], sku: string): boolean =>
  lines.some((line) => line.sku === sku);

/** Open reservations and unbooked shipments that name a sku, the oldest first. */
export function claimsOn(records: MemoryRecords, tenantId: string, sku: string): Claims {
  const reservations = records.select(
    'reservation',
    (reservation) =>
      reservation.tenantId === tenantId && isOpen(reservation.status) && names(reservation.lines, sku),
  );
  const shipments = records.select(
    'shipment',
    (shipment) =>
      shipment.tenantId === tenantId && shipment.bookingDueAtMs !== undefined && names(shipment.lines, sku),
  );
  const byShipping = {
    positionOf: ({ shippedAtMs, shipmentId }: Shipment) => timePosition(shippedAtMs, shipmentId),
    newestFirst: false,
  };
  return { reservations: sorted(reservations, byCreation), unbookedShipments: sorted(shipments, byShipping) };
}

/** The claims of open reservations on a sku, as the index would show them. */
export function claimsSeen(
  records: MemoryRecords,
  of: { readonly tenantId: string; readonly sku: string },
  oldest = Number.POSITIVE_INFINITY,
): SeenClaims {
  const { reservations } = claimsOn(records, of.tenantId, of.sku);
  const claims = reservations.slice(0, oldest).map((reservation) => ({
    status: reservation.status,
    expiresAtMs: reservation.expiresAtMs,
    claims: claimsOfReservation(reservation),
  }));
  return { claims, isComplete: reservations.length <= oldest };
}

type Due =
  | { readonly position: string; readonly reservation: Reservation }
  | { readonly position: string; readonly shipment: Shipment }
  | { readonly position: string; readonly product: Product };

/** Work of a region due at or before a time, the oldest first; at most a batch of it. */
export function dueWork(records: MemoryRecords, region: string, nowMs: number): DueWork {
  const isDue = (atMs: number | undefined) => atMs !== undefined && atMs <= nowMs;
  const due: Due[] = [
    ...records
      .select(
        'reservation',
        (held) => held.region === region && held.status === 'held' && isDue(held.expiresAtMs),
      )
      .map((reservation) => ({
        position: timePosition(reservation.expiresAtMs, reservation.keyHash),
        reservation,
      })),
    ...records
      .select('shipment', ({ homeRegion, bookingDueAtMs }) => homeRegion === region && isDue(bookingDueAtMs))
      .map((shipment) => ({
        position: timePosition(shipment.bookingDueAtMs ?? 0, shipment.shipmentId),
        shipment,
      })),
    ...records
      .select('product', ({ settleDueAtMs }) => isDue(settleDueAtMs))
      .map((product) => ({ position: timePosition(product.settleDueAtMs ?? 0, product.sku), product })),
  ];
  const order = { positionOf: ({ position }: Due) => position, newestFirst: false };
  const batch = sorted(due, order).slice(0, DUE_BATCH_MAX);
  return {
    reservations: batch.flatMap((entry) => ('reservation' in entry ? [entry.reservation] : [])),
    shipments: batch.flatMap((entry) => ('shipment' in entry ? [entry.shipment] : [])),
    products: batch.flatMap((entry) => ('product' in entry ? [entry.product] : [])),
  };
}
