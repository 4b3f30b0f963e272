import { createCanaryHandler } from './canary-handler.ts';
import { dependencies, logger, metrics } from './dependencies.ts';

/** Started by a schedule each minute: holds a unit and releases it, as a client from outside. */
export const handler = createCanaryHandler({ dependencies, logger, metrics });
