import { targetKindOf } from '../../lib/adapters/webhooks/addresses.ts';
import { createWebhookSender } from '../../lib/adapters/webhooks/sender.ts';
import { createRestingReceivers } from '../../lib/application/resting-receivers.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createQueueDependencies } from '../queue/dependencies.ts';
import { createDependencies } from '../runtime/dependencies.ts';

const own = createDependencies();

export const dependencies = {
  ...own,
  receivers: createRestingReceivers(own.clock),
  sender: createWebhookSender({ kind: targetKindOf(readVariable('webhookTargets')) }),
};
export const queue = createQueueDependencies('deliver', own);
