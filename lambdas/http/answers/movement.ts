import type { Movement } from '../../../lib/domain/movement.ts';
import { isoTime } from './time.ts';

/** An entry of the ledger as the API shows it. */
export function answerMovement(booked: Movement) {
  const { tenantId: _, region: __, stockVersion: ___, occurredAtMs, ...movement } = booked;
  return { ...movement, occurredAt: isoTime(occurredAtMs) };
}
