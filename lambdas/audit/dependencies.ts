import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';
import { createAuditMetrics } from './audit-metrics.ts';

export const dependencies = createDependencies();
export const logger = createLogger('audit');
export const metrics = createAuditMetrics('audit');
