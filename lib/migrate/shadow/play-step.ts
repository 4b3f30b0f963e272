/** What happens to a reservation after its hold, and to stock. */
import * as z from 'zod';
import { TTL_SECONDS_MAX } from '../../domain/limits.ts';
import { read } from '../../replay/http/answers.ts';
import { ask, describeRefusal } from '../ask-api.ts';
import type { ReservationDecision, ReservationRequest, StockDecision } from './decision.ts';
import type { Verdict } from './shadow-report.ts';
import { keyOf, type Shadowed, type ShadowWorld } from './shadow-world.ts';

type Later = Exclude<ReservationRequest, 'hold'>;

/** The states in which a request is possible, and what it is called here. */
const REQUESTS: Readonly<Record<Later, { readonly action: string; readonly from: readonly string[] }>> = {
  extend: { action: 'extend', from: ['held'] },
  confirm: { action: 'confirm', from: ['held'] },
  release: { action: 'release', from: ['held'] },
  expire: { action: 'release', from: ['held'] },
  cancel: { action: 'cancel', from: ['confirmed', 'partially_shipped'] },
  ship: { action: 'ship', from: ['confirmed', 'partially_shipped'] },
};

/** Requests after which there may be more units than before. */
const GIVING_BACK: ReadonlySet<Later> = new Set(['confirm', 'release', 'expire', 'cancel']);

const reservation = z.object({ status: z.string() });

function bodyOf(request: Later, { lines, orderId, id }: ReservationDecision): object {
  const units = lines === undefined ? {} : { lines };
  if (request === 'confirm') return { orderId: orderId ?? id, ...units };
  if (request === 'extend') return { ttlSeconds: TTL_SECONDS_MAX };
  return request === 'cancel' ? {} : units;
}

async function playGranted(
  world: ShadowWorld,
  decision: ReservationDecision,
  { request, shadowed }: { readonly request: Later; readonly shadowed: Shadowed },
): Promise<Verdict> {
  const idempotencyKey = keyOf(world.run, decision, 'step');
  const path = `/reservations/${shadowed.reservationId}/${REQUESTS[request].action}`;
  const body = bodyOf(request, decision);
  const reply = await ask(world.client, request, { method: 'POST', path, body, idempotencyKey });
  if (GIVING_BACK.has(request)) world.rises.note(shadowed.skus);
  if (reply.ok) return { is: 'agreed' };
  // An order that is none here cannot be shipped here either: what follows is no other difference.
  if (request === 'confirm') world.reservations.forget(decision.id);
  const isLate = request === 'confirm' && shadowed.expired;
  return { is: isLate ? 'late_confirmation' : 'step_refused', detail: describeRefusal(reply.refusal) };
}

/** Asks nothing for, since it would be done: whether it is possible shows in the state. */
async function playRefused(
  world: ShadowWorld,
  { request, shadowed }: { readonly request: Later; readonly shadowed: Shadowed },
): Promise<Verdict> {
  const from = { path: `/reservations/${shadowed.reservationId}`, schema: reservation };
  const { status } = await read(world.client, 'get reservation', from);
  if (!REQUESTS[request].from.includes(status)) return { is: 'agreed' };
  return { is: 'step_possible', detail: `the reservation is ${status}` };
}

/**
 * Whether nothing has to be done here for what the old system did: a hold lives here as long as it may, so it needs no
 * extension; and one that the log has ended was given back already.
 */
function isDoneAlready(request: Later, { expired }: Shadowed): boolean {
  return expired ? request === 'release' || request === 'expire' : request === 'extend';
}

/** Plays a request to a reservation that was held before. */
export async function playLater(world: ShadowWorld, decision: ReservationDecision): Promise<Verdict> {
  const { request } = decision;
  const shadowed = world.reservations.get(decision.id);
  if (shadowed === undefined || request === 'hold') return { is: 'unjudged' };
  if (decision.decision === 'refused') return playRefused(world, { request, shadowed });
  if (isDoneAlready(request, shadowed)) return { is: 'agreed' };
  return playGranted(world, decision, { request, shadowed });
}

/** Ends a hold whose time in the log is over. One that is confirmed here stays what it is. */
export async function playExpiry(world: ShadowWorld, id: string): Promise<void> {
  const shadowed = world.reservations.get(id);
  if (shadowed === undefined) return;
  world.reservations.set(id, { ...shadowed, expired: true });
  const path = `/reservations/${shadowed.reservationId}/release`;
  const idempotencyKey = `shadow-expiry.${world.run}`;
  await ask(world.client, 'release', { method: 'POST', path, body: {}, idempotencyKey });
  world.rises.note(shadowed.skus);
}

/** Books a movement that the old system has booked. */
export async function playMovement(world: ShadowWorld, decision: StockDecision): Promise<Verdict> {
  if (decision.decision === 'refused') return { is: 'unjudged' };
  const { movement: body } = decision;
  const idempotencyKey = keyOf(world.run, decision, 'move');
  const reply = await ask(world.client, 'move', { method: 'POST', path: '/movements', body, idempotencyKey });
  world.rises.note([body.sku]);
  return reply.ok ? { is: 'agreed' } : { is: 'step_refused', detail: describeRefusal(reply.refusal) };
}
