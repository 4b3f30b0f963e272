import type { acceptOrder } from '../../application/accept-order.ts';
import type { Store } from '../../application/ports.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Change } from '../memory-table.ts';
import type { SimulatedWorld } from '../world.ts';
import type { SimulatedDependencies } from './simulated-dependencies.ts';

/** Where a decorated part runs. */
export interface MutantPlace {
  readonly world: SimulatedWorld;
  /** The region of the process. */
  readonly region: string;
  /** The region of the store. */
  readonly of: string;
}

/** The world as a whole, for what happens beside the use cases. */
export interface MutantWorld {
  readonly world: SimulatedWorld;
  readonly stores: readonly MemoryStore[];
}

/**
 * A plausible mistake in the protocol, made around the use cases and never in them: by decorating the ports, the
 * streams, or by doing something beside them.
 */
export interface Mutant {
  readonly name: string;
  /** The mistake, in one sentence. */
  readonly mistake: string;
  readonly store?: (store: Store, place: MutantPlace) => Store;
  readonly dependencies?: (deps: SimulatedDependencies) => SimulatedDependencies;
  /** Which changes of a batch a region's consumer completes; it tells of all of them. */
  readonly deliver?: (batch: readonly Change[], region: string) => readonly Change[];
  /** Which records a region's consumer says must be shown again, by their positions. */
  readonly failedRecords?: (failed: readonly string[]) => readonly string[];
  /** What the worker of the order queue does with a message. */
  readonly acceptOrder?: typeof acceptOrder;
  /** Which messages that worker says must be shown again, by their ids. */
  readonly failedMessages?: (failed: ReadonlySet<string>) => ReadonlySet<string>;
  readonly beside?: (given: MutantWorld) => void;
}
