import * as z from 'zod';
import { TTL_SECONDS_MAX } from '../../domain/limits.ts';
import { UnexpectedAnswerError } from '../../replay/http/answers.ts';
import { ask, describeRefusal, type Reply } from '../ask-api.ts';
import type { ReservationDecision } from './decision.ts';
import type { Verdict } from './shadow-report.ts';
import { keyOf, type ShadowWorld } from './shadow-world.ts';

const held = z.object({ reservationId: z.string() });

function skusMissing(reply: Reply): readonly string[] {
  return reply.ok ? [] : (reply.refusal.lines ?? []).map(({ sku }) => sku);
}

/** Asks for the units; a refusal that may rest on old knowledge of a supply that has just risen is asked again. */
async function askForUnits(world: ShadowWorld, decision: ReservationDecision): Promise<Reply> {
  const { client, clock, rises, run } = world;
  const { id, lines } = decision;
  const request = {
    method: 'POST',
    path: '/reservations',
    // It lives as long as it may: the time of the log ends it, however fast the log is played.
    body: { lines, ttlSeconds: TTL_SECONDS_MAX, reference: id },
    idempotencyKey: keyOf(run, decision, 'hold'),
  } as const;
  const sentAtMs = rises.now();
  const reply = await ask(client, 'hold', request);
  const missing = skusMissing(reply);
  const waitMs = missing.length === 0 ? 0 : rises.doubtMs(missing, sentAtMs);
  if (waitMs === 0) return reply;
  await clock.sleep(waitMs);
  return ask(client, 'hold', request);
}

async function undo(world: ShadowWorld, decision: ReservationDecision, reservationId: string): Promise<void> {
  const idempotencyKey = keyOf(world.run, decision, 'undo');
  const path = `/reservations/${reservationId}/release`;
  await ask(world.client, 'release', { method: 'POST', path, body: {}, idempotencyKey });
  world.rises.note((decision.lines ?? []).map(({ sku }) => sku));
}

/** Plays a hold. Where the two systems differ, the shadow goes on as the old one did, as far as there are units. */
export async function playHold(world: ShadowWorld, decision: ReservationDecision): Promise<Verdict> {
  const reply = await askForUnits(world, decision);
  const granted = decision.decision === 'granted';
  if (!reply.ok) {
    if (!granted) return { is: 'agreed' };
    const isScarce = reply.refusal.code === 'insufficient_stock';
    return { is: isScarce ? 'oversell' : 'step_refused', detail: describeRefusal(reply.refusal) };
  }
  const parsed = held.safeParse(reply.body);
  if (!parsed.success) throw new UnexpectedAnswerError('A hold was answered without its reservationId.');
  const { reservationId } = parsed.data;
  if (granted) {
    const skus = (decision.lines ?? []).map(({ sku }) => sku);
    world.reservations.set(decision.id, { reservationId, skus, expired: false });
    return { is: 'agreed' };
  }
  await undo(world, decision, reservationId);
  return { is: 'missed_sale', detail: 'there were units for it' };
}
