/** Caps against hoarding: whoever holds without buying must leave something to the others. */
import { listedOneOf, openAt, type SeenHold, unitsHeld } from './open-holds.ts';

/** What open holds may amount to. */
export interface HoldCaps {
  /** Open holds of a tenant. */
  readonly openHolds: number;
  /** Open holds of one reference of it. */
  readonly holdsPerReference: number;
  /** The share of a sku's units that the open holds of one reference may take. */
  readonly unitsShare: number;
  /** So many units one reference may always hold, however small that share is. */
  readonly unitsFloor: number;
}

/** Which cap a request would exceed, and when the first of the holds in its way ends by itself; never, if there is none. */
export interface Exceeded {
  readonly limit: 'open_holds' | 'reference_holds' | 'sku_share';
  readonly detail: string;
  readonly freeAtMs: number;
}

const firstEnd = (holds: readonly SeenHold[]): number =>
  Math.min(...holds.map(({ expiresAtMs }) => expiresAtMs));

/** The caps that count holds. */
export function exceededCount(
  caps: HoldCaps,
  {
    ofTenant,
    ofReference,
  }: { readonly ofTenant: readonly SeenHold[]; readonly ofReference: readonly SeenHold[] },
  nowMs: number,
): Exceeded | undefined {
  const open = openAt(ofTenant, nowMs);
  if (open.length * listedOneOf(caps.openHolds) >= caps.openHolds) {
    const detail = `The tenant has ${caps.openHolds} open holds, and may have no more. Confirm or release some.`;
    return { limit: 'open_holds', detail, freeAtMs: firstEnd(open) };
  }
  const own = openAt(ofReference, nowMs);
  if (own.length < caps.holdsPerReference) return undefined;
  const detail = `This reference has ${own.length} open holds; at most ${caps.holdsPerReference} are allowed.`;
  return { limit: 'reference_holds', detail, freeAtMs: firstEnd(own) };
}

/** Units of a sku that one reference may hold. */
const unitsAllowed = ({ unitsShare, unitsFloor }: HoldCaps, units: number): number =>
  Math.max(unitsFloor, Math.floor(units * unitsShare));

/** The cap on the share of a sku: `asked` units more of `units` that there are. */
export function exceededShare(
  caps: HoldCaps,
  asked: { readonly sku: string; readonly quantity: number; readonly units: number },
  { ofReference, nowMs }: { readonly ofReference: readonly SeenHold[]; readonly nowMs: number },
): Exceeded | undefined {
  const { sku, quantity, units } = asked;
  const own = openAt(ofReference, nowMs);
  const allowed = unitsAllowed(caps, units);
  const held = unitsHeld(own, sku);
  if (held + quantity <= allowed) return undefined;
  const detail = `This reference holds ${held} units of ${sku}; with ${quantity} more it would have more than ${allowed}.`;
  return { limit: 'sku_share', detail, freeAtMs: firstEnd(own) };
}
