/** What the workers of queues are made of besides: apart from the rest, because the hot functions carry no SQS client. */
import { createMessageQueue } from '../../lib/adapters/sqs/message-queue.ts';
import { createHideMessage } from '../../lib/adapters/sqs/message-visibility.ts';
import type { Dependencies } from '../../lib/application/ports.ts';
import type { DeliveryQueue } from '../../lib/application/webhook-ports.ts';
import { readVariable } from '../../lib/config/environment.ts';
import type { FunctionName } from '../../lib/config/functions.ts';
import { outletLog } from '../events/outlet-log.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { createQueueMetrics } from '../observability/metrics.ts';
import type { QueueDependencies } from './batch.ts';

/** Logger, metrics, and the queue that feeds the function. */
export function createQueueDependencies(name: FunctionName, deps: Dependencies): QueueDependencies {
  const logger = createLogger(name);
  return {
    logger,
    metrics: createQueueMetrics(name),
    nowMs: () => deps.clock.now(),
    hide: createHideMessage({
      region: deps.region,
      queueUrl: readVariable('ownQueueUrl'),
      onFailure: (error) => logger.error(LOG_MESSAGES.messageStaysHidden, {}, error),
    }),
  };
}

/** The queue of webhook deliveries. */
export const createDeliveryQueue = (region: string, logger: Logger): DeliveryQueue =>
  createMessageQueue({
    region,
    queueUrl: readVariable('deliveriesQueueUrl'),
    onFailure: outletLog(logger, 'deliveries'),
  });
