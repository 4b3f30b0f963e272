/** What a command to change on-hand does to a location, as pure arithmetic on what was read of it. */
import { ON_HAND_MAX } from './limits.ts';
import type { BookableMovementType } from './movement.ts';
import { type Rejection, type Result, reject, succeed } from './rejection.ts';
import { type Position, receive, remove, type Settlement } from './settlement.ts';

export interface MovementCommand {
  readonly type: BookableMovementType;
  readonly sku: string;
  readonly locationId: string;
  /** Units; signed for an adjustment, the counted on-hand for a count. */
  readonly quantity: number;
  readonly reason?: string;
  readonly reference?: string;
}

/** By how much a command changes on-hand. */
function deltaOf({ type, quantity }: MovementCommand, onHand: number): number {
  switch (type) {
    case 'receipt':
    case 'return':
    case 'adjustment':
      return quantity;
    case 'write_off':
      return -quantity;
    case 'count':
      return quantity - onHand;
  }
}

/** What a command does; `missing`: units that neither the home quota nor what is kept back covers. */
export interface PlannedMovement extends Settlement {
  readonly delta: number;
  readonly missing: number;
}

export function planMovement(command: MovementCommand, position: Position): Result<PlannedMovement> {
  const delta = deltaOf(command, position.onHand);
  if (position.onHand + delta > ON_HAND_MAX) {
    const detail = `A location has at most ${ON_HAND_MAX} units of a sku on hand.`;
    return reject({ code: 'validation_failed', detail, path: 'quantity' });
  }
  if (delta >= 0) return succeed({ delta, missing: 0, ...receive(position, delta) });
  return succeed({ delta, ...remove(position, -delta) });
}

/** Whether units that are missing are a refusal. A count is a fact, whatever it finds; other commands take only what is not promised. */
export function refusalOfMissing(
  { type, sku, locationId }: MovementCommand,
  position: Position,
): Rejection | undefined {
  if (type === 'count') return undefined;
  const free = position.available + position.keptBack;
  const detail = `Only ${free} units of ${sku} at ${locationId} are not promised.`;
  return { code: 'insufficient_stock', detail };
}
