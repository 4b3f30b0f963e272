import type { OperationFigures } from '../../replay/latencies.ts';
import type { Market } from './market.ts';
import type { ProtocolName } from './protocols.ts';

/** How a protocol did under the usual demand. */
export interface UsualFigures {
  readonly protocol: ProtocolName;
  readonly heldPerSecond: number;
  readonly refused: number;
  /** Neither held nor refused: others were in the way for too long. */
  readonly failed: number;
  readonly latencies: readonly OperationFigures[];
}

const SECONDS_PER_HOUR = 3_600;

/** What a market has seen since it opened. */
export function usualFigures(
  { tally }: Market,
  { protocol, hours }: { readonly protocol: ProtocolName; readonly hours: number },
): UsualFigures {
  const { held, refused, failed } = tally.total();
  const heldPerSecond = held / (hours * SECONDS_PER_HOUR);
  return { protocol, heldPerSecond, refused, failed, latencies: tally.latencies() };
}
