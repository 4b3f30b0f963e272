/** An event of each type that is sent, from records as they are stored. */
import { showEvent } from '../../lambdas/events/event-detail.ts';
import type { DomainEvent, EventType } from '../../lib/domain/event.ts';
import {
  confirmation,
  linesOf,
  movementRecord,
  REGION,
  reservationRecord,
  shipmentRecord,
} from './stored-records.ts';

const KEY_HASH = '0123456789abcdef0123456789abcdef';

/** A reservation whose id and times are those of a real one. */
const reservation = (changes: Partial<Parameters<typeof reservationRecord>[0]> = {}) =>
  reservationRecord({ tenantId: 'tenant', keyHash: KEY_HASH, nonce: 'a1b2c3d4e5f6', ...changes });

const held = reservation({
  lines: linesOf('KEYBOARD-01'),
  reference: 'cart-7f3a',
  metadata: { channel: 'web' },
});
const confirmed = {
  ...held,
  status: 'confirmed' as const,
  orderId: 'order-1001',
  version: 2,
  history: [confirmation({ orderId: 'order-1001' })],
};

const level = { sku: 'KEYBOARD-01', available: 2, safetyStock: 5 };
const order = { orderId: 'order-1001', reservationId: `${REGION}.${KEY_HASH}.a1b2c3d4e5f6` };

const DATA: { readonly [Type in EventType]: Extract<DomainEvent, { type: Type }>['data'] } = {
  'stock.received': { movement: movementRecord({ region: REGION, stockVersion: 3 }) },
  'stock.adjusted': { movement: movementRecord({ type: 'count', delta: -2, reason: 'stocktaking' }) },
  'stock.low': level,
  'stock.out': { ...level, available: 0 },
  'stock.back': level,
  'stock.short': { sku: 'KEYBOARD-01', locationId: 'ber-1', shortage: 3 },
  'stock.drift': {
    sku: 'KEYBOARD-01',
    violations: ["ber-1: onHand 9 is not the ledger's sum 10"],
    discrepancies: [
      {
        locationId: 'ber-1',
        rule: 'ledger',
        figure: 'onHand',
        found: 9,
        expected: 10,
        sentence: "ber-1: onHand 9 is not the ledger's sum 10",
      },
    ],
  },
  'reservation.held': { reservation: held, version: 1, givenBack: [] },
  'reservation.confirmed': { reservation: confirmed, version: 2, givenBack: [] },
  'reservation.released': { reservation: held, version: 1, givenBack: [[0, 0, 1]] },
  'reservation.extended': { reservation: held, version: 1, givenBack: [] },
  'reservation.expired': { reservation: held, version: 1, givenBack: [[0, 0, 1]] },
  'reservation.cancelled': { reservation: confirmed, version: 2, givenBack: [[0, 0, 1]] },
  'order.accepted': order,
  'order.failed': { ...order, code: 'reservation_expired', detail: 'The hold has expired.' },
  'order.duplicate': { ...order, duplicateOf: `eu-west-1.${KEY_HASH}.a1b2c3d4e5f7` },
  'shipment.created': {
    shipment: shipmentRecord({
      carrier: 'DHL',
      reservationId: order.reservationId,
      lines: [{ sku: 'A', quantity: 1 }],
    }),
  },
  'region.drained': { region: REGION },
};

const isSent = (name: string): name is EventType => Object.hasOwn(DATA, name);

/** An event of a type that is sent. */
export const sampleEvent = (type: EventType, given: { id?: string; subject?: string } = {}): DomainEvent =>
  ({
    type,
    id: `evt.${KEY_HASH}`,
    tenantId: 'tenant',
    region: REGION,
    occurredAtMs: 1_764_000_000_000,
    subject: 'subject',
    sequence: 1,
    data: DATA[type],
    ...given,
  }) as DomainEvent;

/** Its detail on the bus; `undefined` for a type that no release sends yet. */
export const sampleDetail = (name: string): Record<string, unknown> | undefined =>
  isSent(name) ? (showEvent(sampleEvent(name)).detail as Record<string, unknown>) : undefined;
