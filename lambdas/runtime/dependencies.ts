/**
 * What every function is made of: the adapters, joined to the ports once for all of them. Each function's own
 * `dependencies.ts` takes what it needs from here.
 */

import { createHoldBook } from '../../lib/adapters/dynamodb/hold-book.ts';
import { createRateBuckets } from '../../lib/adapters/dynamodb/rate-buckets.ts';
import { createReadModel } from '../../lib/adapters/dynamodb/read-model.ts';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { useCaseDependencies } from '../../lib/adapters/use-case-dependencies.ts';
import { createCursorSecret } from '../../lib/application/cursor-secret.ts';
import type { HoldBook } from '../../lib/application/hold-book.ts';
import { createRateLimiter } from '../../lib/application/limit-rate.ts';
import type { Dependencies, ReadModel } from '../../lib/application/ports.ts';
import { readEnvironment, readVariable } from '../../lib/config/environment.ts';
import type { FunctionName } from '../../lib/config/functions.ts';
import { limitsOf } from '../../lib/config/tiers.ts';
import { createCursors } from '../http/cursor.ts';
import type { HttpDependencies } from '../http/http-handler.ts';
import type { Admit } from '../http/rate-limit.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';

/** Digits of a request id that we make: as many as a UUID has. */
const REQUEST_ID_DIGITS = 32;

/** The read model of this function's region, for those whose settings grant it. */
export function openReadModel(): ReadModel {
  const { region, databaseTimeoutMs: timeoutMs } = readEnvironment();
  return createReadModel({ tableName: readVariable('readTableName'), region, timeoutMs });
}

/**
 * What the use cases need, on the table of this function's region and its replicas in the others.
 *
 * @param readModel of functions that use it. @default none
 */
export function createDependencies(readModel?: ReadModel): Dependencies {
  const { tableName, region, regions, databaseTimeoutMs: timeoutMs } = readEnvironment();
  return useCaseDependencies(createStore({ tableName, region, timeoutMs }), {
    region,
    regions,
    ...(readModel === undefined ? {} : { readModel }),
    openRemote: (other) => createStore({ tableName, region: other, remote: true }),
  });
}

/** The open holds that this function's region has heard of. */
export function openHoldBook(): HoldBook {
  const { region, databaseTimeoutMs: timeoutMs } = readEnvironment();
  return createHoldBook({ tableName: readVariable('readTableName'), region, timeoutMs });
}

/** Says whether a tenant is within the rate of its tier, by a bucket in this region's table. */
function createAdmission({ clock, random }: Dependencies): Admit {
  const { region, databaseTimeoutMs: timeoutMs } = readEnvironment();
  const buckets = createRateBuckets({ tableName: readVariable('readTableName'), region, timeoutMs });
  const limit = createRateLimiter({ buckets, clock, random });
  return async ({ tenantId, tier }) => {
    const limits = limitsOf(tier);
    return limits === undefined ? { admitted: true } : limit(tenantId, limits);
  };
}

/** What the HTTP chain needs besides. */
export function createHttpDependencies(name: FunctionName, deps: Dependencies): HttpDependencies {
  return {
    admit: createAdmission(deps),
    newRequestId: () => deps.random.hex(REQUEST_ID_DIGITS),
    nowMs: () => deps.clock.now(),
    logger: createLogger(name),
    metrics: createMetrics(name),
  };
}

/** What signs the cursors of lists. */
export const createListCursors = (deps: Dependencies) => createCursors(createCursorSecret(deps));
