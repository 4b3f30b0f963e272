import { recentDemand } from '../../lib/application/rebalance-sku.ts';
import { createDependencies, createHttpDependencies } from '../runtime/dependencies.ts';

export const dependencies = { ...createDependencies(), forecast: recentDemand };
export const http = createHttpDependencies('regions', dependencies);
