import { targetKindOf } from '../../lib/adapters/webhooks/addresses.ts';
import { createWebhookTargets } from '../../lib/adapters/webhooks/targets.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';
import { openTenantScope } from '../tenant-scope/dependencies.ts';

const dependencies = createDependencies();
const targets = createWebhookTargets(targetKindOf(readVariable('webhookTargets')));
const scopes = openTenantScope('webhooks', dependencies);
export const scopeOf = (tenantId: string) => ({ ...scopes(tenantId), targets });
export const http = createHttpDependencies('webhooks', dependencies);
export const cursors = createListCursors(dependencies);
