import { Stack } from 'aws-cdk-lib';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';

/** The stage's key of a region, by its alias: DynamoDB takes the name of an alias for that of the key behind it. */
const aliasArn = (scope: Construct, { keyAlias }: Deployment, region: string): string =>
  Stack.of(scope).formatArn({ service: 'kms', region, resource: keyAlias });

/** How a table that lives in its stack's region alone is encrypted. */
export function tableEncryption(scope: Construct, deployment: Deployment): TableEncryptionV2 {
  return encryptionIn(scope, deployment, []);
}

/** How each replica is encrypted: with the key of its own region. The first region's is the table's own. */
export function globalTableEncryption(scope: Construct, deployment: Deployment): TableEncryptionV2 {
  return encryptionIn(scope, deployment, deployment.regions.slice(1));
}

function encryptionIn(
  scope: Construct,
  deployment: Deployment,
  others: readonly string[],
): TableEncryptionV2 {
  if (!deployment.settings.ownKey) return TableEncryptionV2.dynamoOwnedKey();
  const own = Key.fromKeyArn(scope, 'OwnKey', aliasArn(scope, deployment, Stack.of(scope).region));
  const replicaKeyArns = others.map((region) => [region, aliasArn(scope, deployment, region)] as const);
  return TableEncryptionV2.customerManagedKey(own, Object.fromEntries(replicaKeyArns));
}
