import { createRollupCheck } from '../../lib/application/check-rollup.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies, openReadModel } from '../runtime/dependencies.ts';
import { createAuditMetrics } from './audit-metrics.ts';

export const dependencies = createDependencies(openReadModel());
export const checkRollup = createRollupCheck(dependencies);
export const logger = createLogger('audit');
export const metrics = createAuditMetrics('audit');
