import type { ConsumerDependencies } from '../../application/complete-changes.ts';
import type { ReserveDependencies } from '../../application/place-hold.ts';
import type { RebalanceDependencies } from '../../application/rebalance-sku.ts';
import type { SendingDependencies } from '../../application/send-unsent.ts';

/** What every use case can be given. */
export type SimulatedDependencies = ReserveDependencies &
  RebalanceDependencies &
  ConsumerDependencies &
  SendingDependencies;
