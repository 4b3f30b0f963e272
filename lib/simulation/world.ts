import type { FaultCounts } from './fault-counts.ts';
import type { Network } from './network.ts';
import type { SeededRandom } from './random.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What every part of a simulated run shares. */
export interface SimulatedWorld {
  readonly time: VirtualTime;
  readonly network: Network;
  /** Parts fork it by their name; none draws from it directly. */
  readonly random: SeededRandom;
  readonly counts: FaultCounts;
  readonly trace: Trace;
}
