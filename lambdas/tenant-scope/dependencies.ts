/**
 * For functions that list and administer: the database with credentials of one tenant at a time. Hot functions do
 * without, so that they neither load the client of STS nor wait for it.
 */
import { createTransport } from '../../lib/adapters/dynamodb/client.ts';
import { createReplicas } from '../../lib/adapters/dynamodb/replicas.ts';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { createTenantCredentials } from '../../lib/adapters/sts/tenant-credentials.ts';
import type { Dependencies, Replicas } from '../../lib/application/ports.ts';
import { createTenantScope, type TenantScope } from '../../lib/application/tenant-scope.ts';
import { readEnvironment, readVariable } from '../../lib/config/environment.ts';
import { FUNCTIONS, type FunctionName } from '../../lib/config/functions.ts';

/** Opens the databases of all regions for one tenant. All tenants share the connections. */
function opener(name: FunctionName, { clock, regions, region }: Dependencies) {
  const { tableName, databaseTimeoutMs: timeoutMs } = readEnvironment();
  const credentialsOf = createTenantCredentials({
    roleArn: readVariable('tenantRoleArn'),
    does: FUNCTIONS[name].table?.does ?? 'read',
    askedBy: name,
    tableName,
    region,
    clock,
    timeoutMs,
  });
  const connections = regions.map((each) => {
    const where = each === region ? { region: each, timeoutMs } : { region: each, remote: true };
    return { ...where, transport: createTransport(where) };
  });
  return (tenantId: string): Replicas => {
    const credentials = () => credentialsOf(tenantId);
    const open = (wanted: string) => {
      const connection = connections.find((each) => each.region === wanted) ?? { region: wanted };
      return createStore({ ...connection, tableName, credentials });
    };
    return createReplicas({ region, store: open(region) }, { regions, clock, open });
  };
}

/** What the use cases of a function need, for each tenant it serves. */
export const openTenantScope = (name: FunctionName, base: Dependencies): TenantScope =>
  createTenantScope(base, opener(name, base));
