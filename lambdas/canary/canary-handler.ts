import type { Context } from 'aws-lambda';
import { type CanaryDependencies, runCanary } from '../../lib/application/run-canary.ts';
import { beginRun } from '../observability/current-run.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';
import type { createCanaryMetrics } from './canary-metrics.ts';

export interface CanaryHandling {
  readonly dependencies: CanaryDependencies;
  readonly logger: Logger;
  readonly metrics: ReturnType<typeof createCanaryMetrics>;
}

/** Makes the function that a schedule starts. It never throws for what it finds: that is in its metrics. */
export const createCanaryHandler =
  ({ dependencies, logger, metrics }: CanaryHandling) =>
  async (_event?: unknown, context?: Pick<Context, 'awsRequestId'>): Promise<void> => {
    beginRun(context);
    const run = await runCanary(dependencies);
    if (run.outcome === 'no_key') logger.error(LOG_MESSAGES.canaryKeyMissing);
    if (run.outcome === 'failed') logger.error(LOG_MESSAGES.canaryFailed, run.failure);
    metrics.record(run);
  };
