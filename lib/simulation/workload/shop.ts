import type { RegionState } from '../../domain/region.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Auditor } from '../oracle/auditor.ts';
import type { ClientOracle } from '../oracle/client-oracle.ts';
import type { FreeUnits } from '../oracle/free-units.ts';
import type { ImpliedMessages } from '../oracle/implied-messages.ts';
import type { Client } from './client.ts';
import type { ShopPlan } from './shop-plan.ts';

/** What a run counts of its answers. */
export interface Mix {
  holds: number;
  granted: number;
  refused: number;
  confirmed: number;
  /** Confirmations that were asked for now, to be made later. */
  queued: number;
  shipped: number;
  movements: number;
}

/** Everything that those who use the shop share. */
export interface Shop {
  readonly cluster: Cluster;
  readonly plan: ShopPlan;
  readonly client: Client;
  readonly oracle: ClientOracle;
  readonly auditor: Auditor;
  readonly free: FreeUnits;
  readonly implied: ImpliedMessages;
  readonly mix: Mix;
  /** The status that each region was last given. */
  readonly wanted: Map<string, RegionState['status']>;
  /** Nobody begins anything new once it is closed. */
  isOpen: boolean;
  /** Shoppers and operators that are still at it. */
  busy: number;
}

/** Lets somebody do something in the shop; what they throw ends the run. */
export function visit(shop: Shop, work: () => Promise<void>): void {
  shop.busy += 1;
  void work().then(
    () => {
      shop.busy -= 1;
    },
    (error: unknown) => shop.cluster.world.time.fail(error),
  );
}
