import type { ReserveDependencies } from '../../application/place-hold.ts';
import type { RebalanceDependencies } from '../../application/rebalance-sku.ts';

/** What every use case can be given. */
export type SimulatedDependencies = ReserveDependencies & RebalanceDependencies;
