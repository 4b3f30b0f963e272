/** The ways out of a region, for the functions that hand messages over. */
import { unsentMessages } from '../../lib/adapters/dynamodb/unsent-messages.ts';
import { createEventBus } from '../../lib/adapters/eventbridge/event-bus.ts';
import { createLogStream } from '../../lib/adapters/firehose/log-stream.ts';
import { createChangeParking } from '../../lib/adapters/sqs/change-parking.ts';
import { createMessageQueue } from '../../lib/adapters/sqs/message-queue.ts';
import type { Outlets, Parking } from '../../lib/application/ports.ts';
import { readVariable } from '../../lib/config/environment.ts';
import type { Logger } from '../observability/logger.ts';
import { showEvent } from './event-detail.ts';
import { outletLog } from './outlet-log.ts';

export { unsentMessages };

/** Queue, bus and log of a region, as this function's environment names them. */
export const createOutlets = (region: string, logger: Logger): Outlets => ({
  events: createEventBus({
    region,
    busName: readVariable('eventBusName'),
    show: showEvent,
    onFailure: outletLog(logger, 'events'),
  }),
  orders: createMessageQueue({
    region,
    queueUrl: readVariable('ordersQueueUrl'),
    onFailure: outletLog(logger, 'orders'),
  }),
  log: createLogStream({
    region,
    streamName: readVariable('logStreamName'),
    onFailure: outletLog(logger, 'log'),
  }),
});

/** Where changes are parked that nobody can complete. */
export const createParking = (region: string, logger: Logger): Parking =>
  createChangeParking({
    region,
    queueUrl: readVariable('changesDlqUrl'),
    onFailure: outletLog(logger, 'parking'),
  });
