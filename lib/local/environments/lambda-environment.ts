import { keyOfRole, LOCAL_CREDENTIALS } from '../credentials.ts';
import type { FunctionDefinition } from '../template/functions.ts';

/** Where the function finds what Lambda would give it. */
export interface EnvironmentPlace {
  readonly environmentId: string;
  /** Address of DynamoDB for this environment only, so that its calls can be told from all others. */
  readonly dynamoDbEndpoint: string;
  /** Addresses of other services, by the variable in which the SDK looks for them. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** What the template says, and what Lambda itself sets; nothing of this machine's own environment. */
export function lambdaEnvironment(
  definition: FunctionDefinition,
  { environmentId, dynamoDbEndpoint, endpoints }: EnvironmentPlace,
): Record<string, string> {
  const { name, region, memoryMiB, runtime, handler, codeDirectory, logLevel } = definition;
  return {
    ...definition.environment,
    ...endpoints,
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: keyOfRole(definition.roleArn),
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...(logLevel !== undefined && { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: logLevel }),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environmentId,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: LOCAL_CREDENTIALS.sessionToken,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: codeDirectory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
