import { createQueueDependencies } from '../queue/dependencies.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const queue = createQueueDependencies('orders', dependencies);
