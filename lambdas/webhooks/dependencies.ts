import { targetKindOf } from '../../lib/adapters/webhooks/addresses.ts';
import { createWebhookTargets } from '../../lib/adapters/webhooks/targets.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';

export const dependencies = {
  ...createDependencies(),
  targets: createWebhookTargets(targetKindOf(readVariable('webhookTargets'))),
};
export const http = createHttpDependencies('webhooks', dependencies);
export const cursors = createListCursors(dependencies);
