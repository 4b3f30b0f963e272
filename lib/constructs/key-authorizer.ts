import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { BEARER_HEADER, KEY_MEMORY } from '../config/authorizer.ts';
import { ENVIRONMENT } from '../config/environment.ts';
import type { Deployment } from '../config/stages.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ServiceFunction } from './service-function.ts';

export interface KeyAuthorizerProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
}

/** Asks the function `authorizer` whose key a request carries, and remembers what it said of a good one. */
export function addKeyAuthorizer(scope: Construct, props: KeyAuthorizerProps): IAuthorizer {
  const authorizer = new ServiceFunction(scope, 'authorizer', { ...props, name: 'authorizer' });
  authorizer.addEnvironment(ENVIRONMENT.stage, props.deployment.stage);
  return new TokenAuthorizer(scope, 'KeyAuthorizer', {
    handler: authorizer.invokable,
    identitySource: IdentitySource.header('Authorization'),
    validationRegex: BEARER_HEADER,
    resultsCacheTtl: Duration.seconds(KEY_MEMORY.gatewaySeconds),
  });
}
