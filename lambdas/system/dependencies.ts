import { readFile } from 'node:fs/promises';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { readEnvironment } from '../../lib/config/environment.ts';
import type { HttpDependencies } from '../http/http-handler.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { SystemDependencies } from './operations.ts';

const FUNCTION_NAME = 'system';

/** As many random digits as a UUID has. */
const REQUEST_ID_DIGITS = 32;

const { region, tableName, version, databaseTimeoutMs: timeoutMs } = readEnvironment();
const store = createStore({ region, tableName, timeoutMs });

export const http: HttpDependencies = {
  // Every route of this function is public: there is no tenant whose requests were counted.
  admit: async () => ({ admitted: true }),
  newRequestId: () => systemRandomness.hex(REQUEST_ID_DIGITS),
  nowMs: systemClock.now,
  logger: createLogger(FUNCTION_NAME),
  metrics: createMetrics(FUNCTION_NAME),
};

export const system: SystemDependencies = {
  isDraining: async () => (await store.get('regionState', { region }))?.status === 'draining',
  // The bundle is one file; what its construct copied lies beside it.
  readAsset: (name) => readFile(new URL(name, import.meta.url), 'utf8'),
  region,
  version,
};
