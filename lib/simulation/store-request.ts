import type { FaultDice } from './call-faults.ts';
import type { Process } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { SimulatedWorld } from './world.ts';

/** Who calls which store. */
export interface CallParties {
  readonly world: SimulatedWorld;
  readonly dice: FaultDice;
  readonly random: SeededRandom;
  readonly process: Process;
  /** The region of the store. */
  readonly region: string;
  /** Hears of every call that ended without an answer. */
  readonly onLost?: (region: string) => void;
}

export interface StoreRequest<Answer> {
  readonly name: string;
  readonly act: () => Promise<Answer>;
  /** The answer of a database that is too busy; without one, it counts as out of reach. */
  readonly busy?: Answer;
  readonly isCommit?: boolean;
  /** For readers of a trace. */
  readonly details?: () => string;
}
