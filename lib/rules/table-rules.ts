import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { HouseRule } from './house-rule.ts';
import { resolved } from './resolved.ts';

interface Replica {
  readonly deletionProtectionEnabled?: boolean;
  readonly pointInTimeRecoverySpecification?: { readonly pointInTimeRecoveryEnabled?: boolean };
  readonly sseSpecification?: { readonly kmsMasterKeyId?: unknown };
}

const everyReplica = (name: string, message: string, holds: (replica: Replica) => boolean): HouseRule => ({
  name,
  message,
  check: (resource) =>
    resource instanceof CfnGlobalTable
      ? (resolved(resource, resource.replicas) as readonly Replica[]).every(holds)
      : undefined,
});

/** cdk-nag looks at `AWS::DynamoDB::Table` only, and every table of ours is a global one. */
export const TABLE_RULES: readonly HouseRule[] = [
  everyReplica(
    'ReplicaRecovery',
    'A replica has no point-in-time recovery: turn it on in every replica, each is restored by itself.',
    ({ pointInTimeRecoverySpecification: recovery }) => recovery?.pointInTimeRecoveryEnabled === true,
  ),
  everyReplica(
    'ReplicaDeletionProtection',
    'A replica can be deleted by one call: protect every replica.',
    ({ deletionProtectionEnabled }) => deletionProtectionEnabled === true,
  ),
  everyReplica(
    'ReplicaKey',
    'A replica is not encrypted with a key of the account: name the key of its region.',
    ({ sseSpecification }) => sseSpecification?.kmsMasterKeyId !== undefined,
  ),
  {
    name: 'NoTimeToLive',
    message:
      'Items of the table end by themselves, in any region: end them by a conditional write of their owner.',
    check: (resource) =>
      resource instanceof CfnGlobalTable ? resource.timeToLiveSpecification === undefined : undefined,
  },
];
