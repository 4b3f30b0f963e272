import { targetKindOf } from '../../lib/adapters/webhooks/addresses.ts';
import { createWebhookSender } from '../../lib/adapters/webhooks/sender.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const dependencies = {
  ...createDependencies(),
  sender: createWebhookSender({ kind: targetKindOf(readVariable('webhookTargets')) }),
};
export const logger = createLogger('deliver');
