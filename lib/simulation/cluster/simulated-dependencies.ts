import type { ReserveDependencies } from '../../application/place-hold.ts';
import type { RebalanceDependencies } from '../../application/rebalance-sku.ts';
import type { WaysOut } from '../open-outlets.ts';

/** What every use case can be given. */
export type SimulatedDependencies = ReserveDependencies & RebalanceDependencies & WaysOut;
