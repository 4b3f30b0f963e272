import { createAuthenticator } from '../../lib/application/authenticate.ts';
import { KEY_MEMORY } from '../../lib/config/authorizer.ts';
import { readVariable } from '../../lib/config/environment.ts';
import { createLogger } from '../observability/logger.ts';
import { createDependencies } from '../runtime/dependencies.ts';
import type { AuthorizerDependencies } from './token-authorizer.ts';

export const dependencies: AuthorizerDependencies = {
  authenticate: createAuthenticator(createDependencies(), KEY_MEMORY.authorizerSeconds * 1_000),
  stage: readVariable('stage'),
  logger: createLogger('authorizer'),
};
