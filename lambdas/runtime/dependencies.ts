/**
 * What every function is made of: the adapters, joined to the ports once for all of them. Each function's own
 * `dependencies.ts` takes what it needs from here.
 */

import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { useCaseDependencies } from '../../lib/adapters/use-case-dependencies.ts';
import { createAuthenticator } from '../../lib/application/authenticate.ts';
import { createCursorSecret } from '../../lib/application/cursor-secret.ts';
import type { Dependencies } from '../../lib/application/ports.ts';
import { readEnvironment } from '../../lib/config/environment.ts';
import type { FunctionName } from '../../lib/config/functions.ts';
import { createCursors } from '../http/cursor.ts';
import type { HttpDependencies } from '../http/http-handler.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';

/** Digits of a request id that we make: as many as a UUID has. */
const REQUEST_ID_DIGITS = 32;

/** What the use cases need, on the table of this function's region and its replicas in the others. */
export function createDependencies(): Dependencies {
  const { tableName, region, regions, databaseTimeoutMs: timeoutMs } = readEnvironment();
  return useCaseDependencies(createStore({ tableName, region, timeoutMs }), {
    region,
    regions,
    openRemote: (other) => createStore({ tableName, region: other, remote: true }),
  });
}

/** What the HTTP chain needs besides. */
export function createHttpDependencies(name: FunctionName, deps: Dependencies): HttpDependencies {
  return {
    authenticate: createAuthenticator(deps),
    newRequestId: () => deps.random.hex(REQUEST_ID_DIGITS),
    nowMs: () => deps.clock.now(),
    logger: createLogger(name),
    metrics: createMetrics(name),
  };
}

/** What signs the cursors of lists. */
export const createListCursors = (deps: Dependencies) => createCursors(createCursorSecret(deps));
