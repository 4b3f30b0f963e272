/**
 * The worker of the order queue: judges a confirmation that was queued, and records the orders of a reservation. It
 * goes by what the reservation says and never by the message, which may come twice, late or before another.
 */
import { confirmationsOf, pendingConfirmation } from '../domain/confirmations.ts';
import { parseReservationId } from '../domain/identifiers.ts';
import type { Order } from '../domain/order.ts';
import { judgeConfirmation } from '../domain/queued-confirmation.ts';
import type { Reservation } from '../domain/reservation.ts';
import { changeFound, type WriteChange, writeGivenBack } from './change-reservation.ts';
import { hashKey } from './idempotency.ts';
import type { Dependencies, OrderMessage } from './ports.ts';
import { type Decided, OrderContendedError, orderKeyOf, orderWrite, recordOrder } from './record-order.ts';

/** A message that names nothing there is: no retry will ever help, and somebody must look at it. */
export class UnusableMessageError extends Error {
  override readonly name = 'UnusableMessageError';
}

type OrderTask = Omit<OrderMessage, 'id'>;

async function findNamed(deps: Dependencies, task: OrderTask): Promise<Reservation> {
  const { tenantId, reservationId, version } = task;
  const parts = parseReservationId(reservationId);
  if (parts === undefined) throw new UnusableMessageError('No reservation can be called so.');
  const { region, keyHash, nonce } = parts;
  if (region !== deps.region) throw new UnusableMessageError(`The reservation belongs to ${region}.`);
  const found = await deps.store.get('reservation', { tenantId, keyHash, region }, 'strong');
  if (found?.nonce !== nonce) throw new UnusableMessageError('There is no such reservation.');
  if (found.version < version) throw new UnusableMessageError('The reservation has no such version.');
  return found;
}

/** The last confirmation under each order id, as far as it has its verdict. */
function verdictsOf(reservation: Reservation): Decided[] {
  const last = new Map(confirmationsOf(reservation).map(({ orderId, verdict }) => [orderId, verdict]));
  return [...last].flatMap(([orderId, verdict]) =>
    verdict === undefined ? [] : [{ reservation, orderId, verdict }],
  );
}

/** A refusal is one transaction with the record of the order that failed by it: neither is ever seen without the other. */
const writeJudged: WriteChange = async (deps, change) => {
  const writes = await writeGivenBack(deps, change);
  const { next } = change.decision;
  if (next.history.at(-1)?.did !== 'refuse') return writes;
  const refused = confirmationsOf(next).at(-1);
  if (refused?.verdict === undefined) throw new Error('A refusal without a confirmation');
  const decided = { reservation: next, orderId: refused.orderId, verdict: refused.verdict };
  const stored = await deps.store.get('order', orderKeyOf(decided), 'strong');
  const record = orderWrite(decided, stored, deps.clock.now());
  return record === undefined ? writes : [...writes, record];
};

/** Judges the confirmation that waits, if one does. @returns the reservation as it is then. */
async function judge(deps: Dependencies, found: Reservation): Promise<Reservation> {
  const pending = pendingConfirmation(found);
  if (pending === undefined) return found;
  const { tenantId, keyHash } = found;
  const path = `${keyHash}/judged/${pending.queued.version}`;
  const judgedHash = hashKey(deps, tenantId, { path, key: '' });
  const { requestId } = pending.queued.entry;
  const judged = await changeFound(deps, found, {
    decide: judgeConfirmation,
    write: writeJudged,
    idempotency: {
      key: '',
      keyHash: judgedHash,
      fingerprint: 'judged',
      ...(requestId !== undefined && { requestId }),
    },
  });
  if (!judged.ok) throw new OrderContendedError(judged.rejection.detail);
  return judged.value.reservation;
}

/**
 * Does what is to be done for a reservation: once, however often it is called, and whoever does it beside.
 *
 * @param deps act in the region that the message was sent in.
 * @returns the records of orders that this call wrote besides those of refusals.
 * @throws UnusableMessageError, OrderContendedError, StoreUnavailableError: the message must be shown again.
 */
export async function acceptOrder(deps: Dependencies, task: OrderTask): Promise<readonly Order[]> {
  const reservation = await judge(deps, await findNamed(deps, task));
  const recorded: Order[] = [];
  for (const decided of verdictsOf(reservation)) {
    const order = decided.verdict.by === 'refuse' ? undefined : await recordOrder(deps, decided);
    if (order !== undefined) recorded.push(order);
  }
  return recorded;
}
