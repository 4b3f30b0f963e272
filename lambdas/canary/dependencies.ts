import { createPublicApi } from '../../lib/adapters/canary/public-api.ts';
import { createCanaryKey } from '../../lib/adapters/secrets-manager/canary-key.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { readRegion, readVariable } from '../../lib/config/environment.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import { createLogger } from '../observability/logger.ts';
import { createCanaryMetrics } from './canary-metrics.ts';

export const logger = createLogger('canary');
export const metrics = createCanaryMetrics('canary');

const region = readRegion();

export const dependencies = {
  api: createPublicApi({
    url: readVariable('canaryApiUrl'),
    onFailure: (error) => logger.error(LOG_MESSAGES.canaryUnanswered, {}, error),
  }),
  apiKey: createCanaryKey({
    region,
    secretName: readVariable('canarySecretName'),
    clock: systemClock,
    onFailure: (error) => logger.error(LOG_MESSAGES.canarySecretUnread, {}, error),
  }),
  clock: systemClock,
  random: systemRandomness,
  region,
};
