import type { Movement } from '../../../lib/domain/movement.ts';
import { isoTime } from './time.ts';

/** An entry of the ledger as the API shows it. */
export function answerMovement({ tenantId: _, occurredAtMs, ...movement }: Movement) {
  return { ...movement, occurredAt: isoTime(occurredAtMs) };
}
