import { createDependencies, createQueueDependencies } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const queue = createQueueDependencies('orders', dependencies);
