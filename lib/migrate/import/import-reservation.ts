/** Open reservations: a hold each, then what makes it live as long as the old one, or the order it belongs to. */
import * as z from 'zod';
import type { Clock } from '../../application/ports.ts';
import { HOLD_LIFE_MAX_MS, TTL_SECONDS_MIN } from '../../domain/limits.ts';
import { UnexpectedAnswerError } from '../../replay/http/answers.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { ask, describeRefusal } from '../ask-api.ts';
import type { ReservationRow } from './import-row.ts';
import { failed, keyOf, type Outcome } from './outcome.ts';

const MS_PER_SECOND = 1000;

/**
 * How long a hold lives until its second step: longer than a request is asked again. It is the same in every run, so
 * that the hold is the same request; what is left of the old hold is not.
 */
const BRIDGE_TTL_SECONDS = 600;

/** No hold lives longer than a day from its creation, and this one may have waited for its second step. */
const REST_MAX_SECONDS = HOLD_LIFE_MAX_MS / MS_PER_SECOND - 2 * BRIDGE_TTL_SECONDS;

/** Each is a run that ended between the two steps and was not started again before the hold was over. */
const ATTEMPTS_MAX = 20;

const held = z.object({ reservationId: z.string() });

export interface ReservationImporter {
  readonly client: PatientClient;
  readonly clock: Pick<Clock, 'now'>;
}

/** The second step of a reservation; `again`: its hold was over before. */
type Finished = Outcome | 'again';

const restOf = (expiresAtMs: number, { clock }: ReservationImporter): number =>
  Math.floor((expiresAtMs - clock.now()) / MS_PER_SECOND);

async function finishConfirmed(
  { client }: ReservationImporter,
  path: string,
  { row, orderId }: { readonly row: ReservationRow; readonly orderId: string },
): Promise<Finished> {
  const idempotencyKey = keyOf('reservations', [row.id], 'confirm');
  const request = { method: 'POST', path: `${path}/confirm`, body: { orderId }, idempotencyKey } as const;
  const reply = await ask(client, 'confirm', request);
  if (reply.ok) return { became: reply.replayed ? 'unchanged' : 'imported' };
  return reply.refusal.code === 'reservation_expired' ? 'again' : failed(reply.refusal);
}

async function finishHeld(
  importer: ReservationImporter,
  path: string,
  { row, expiresAtMs }: { readonly row: ReservationRow; readonly expiresAtMs: number },
): Promise<Finished> {
  const rest = restOf(expiresAtMs, importer);
  const ttlSeconds = Math.max(TTL_SECONDS_MIN, Math.min(rest, REST_MAX_SECONDS));
  const idempotencyKey = keyOf('reservations', [row.id], 'extend');
  const request = { method: 'POST', path: `${path}/extend`, body: { ttlSeconds }, idempotencyKey } as const;
  const reply = await ask(importer.client, 'extend', request);
  if (reply.ok) {
    if (reply.replayed) return { became: 'unchanged' };
    if (rest <= REST_MAX_SECONDS) return { became: 'imported' };
    const reason = `is held for ${REST_MAX_SECONDS} s and not for ${rest} s: a hold lives a day at most`;
    return { became: 'different', reason };
  }
  const { code } = reply.refusal;
  // The key belongs to this reservation: it has got its time before, when another time was left.
  if (code === 'idempotency_key_reused' || code === 'reservation_not_held') return { became: 'unchanged' };
  return code === 'reservation_expired' ? 'again' : failed(reply.refusal);
}

/** @returns the path of the reservation, or why there is none. */
async function hold(client: PatientClient, row: ReservationRow, attempt: number): Promise<string | Outcome> {
  const body = { ...row.request, ttlSeconds: BRIDGE_TTL_SECONDS };
  const idempotencyKey = keyOf('reservations', [row.id], `hold-${attempt}`);
  const request = { method: 'POST', path: '/reservations', body, idempotencyKey } as const;
  const reply = await ask(client, 'hold', request);
  if (reply.ok) {
    const parsed = held.safeParse(reply.body);
    if (!parsed.success) throw new UnexpectedAnswerError('A hold was answered without its reservationId.');
    return `/reservations/${parsed.data.reservationId}`;
  }
  const { refusal } = reply;
  if (refusal.code === 'insufficient_stock') {
    return { became: 'different', reason: `promised before, and not there: ${describeRefusal(refusal)}` };
  }
  if (refusal.code === 'idempotency_key_reused') {
    return { became: 'different', reason: 'was imported before with other lines, reference or metadata' };
  }
  return failed(refusal);
}

/**
 * Imports an open reservation. A run that ended between the two steps leaves a hold that ends by itself; the next run
 * goes on with it, or with another one if it is over.
 */
export async function importReservation(
  importer: ReservationImporter,
  row: ReservationRow,
): Promise<Outcome> {
  if (row.status === 'held' && restOf(row.expiresAtMs, importer) < TTL_SECONDS_MIN) {
    return { became: 'expired' };
  }
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const path = await hold(importer.client, row, attempt);
    if (typeof path !== 'string') return path;
    const finished =
      row.status === 'held'
        ? await finishHeld(importer, path, { row, expiresAtMs: row.expiresAtMs })
        : await finishConfirmed(importer, path, { row, orderId: row.orderId });
    if (finished !== 'again') return finished;
  }
  return { became: 'failed', reason: `its hold was over before its second step, ${ATTEMPTS_MAX} times` };
}
