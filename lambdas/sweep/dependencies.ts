import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const logger = createLogger('sweep');
