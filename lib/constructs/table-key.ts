import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';

/** The longest that there is: whoever deletes the key by mistake has a month to think again. */
const PENDING_WINDOW = Duration.days(30);

/** What DynamoDB does with a table's key in a caller's name. */
const USES = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

export interface TableKeyProps {
  readonly deployment: Deployment;
}

/**
 * The key of this region's tables. Others know it by its alias, which is the same everywhere: so no stack refers to
 * another one, and a region can come and go by itself. Without the key the tables cannot be read, so it outlives its
 * stack.
 */
export class TableKey extends Construct {
  constructor(scope: Construct, id: string, { deployment }: TableKeyProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      alias: deployment.keyAlias,
      description: `Holdfast, stage ${deployment.stage}: encrypts the tables of this region.`,
      enableKeyRotation: true,
      pendingWindow: PENDING_WINDOW,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { account, region } = Stack.of(this);
    const viaDynamoDb = {
      'kms:CallerAccount': account,
      'kms:ViaService': `dynamodb.${region}.amazonaws.com`,
    };
    // Who may read an item of the table may have it decrypted, as with the key that AWS manages: the table's permissions
    // decide. Without DynamoDB nobody but the key's administrators gets anything from it.
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'WhoeverMayUseTheTable',
        principals: [new AnyPrincipal()],
        actions: USES,
        resources: ['*'],
        conditions: { StringEquals: viaDynamoDb },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TheTableItself',
        principals: [new AnyPrincipal()],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { StringEquals: viaDynamoDb, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }
}
