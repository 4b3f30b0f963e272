import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';

/** Path of the stream in the answer. Nothing else of it is kept: a custom resource may answer 4 KB at most. */
const STREAM_ARN = 'Table.LatestStreamArn';

/**
 * Asks DynamoDB, while the stack is deployed, for the stream of a replica that another stack created. The stream's
 * name holds the time at which it was made, so a table that was made anew is another resource.
 */
export function describeStream(
  scope: Construct,
  { tableName, tableArn }: { readonly tableName: string; readonly tableArn: string },
): string {
  const call = {
    service: 'DynamoDB',
    action: 'describeTable',
    parameters: { TableName: tableName },
    physicalResourceId: PhysicalResourceId.fromResponse(STREAM_ARN),
    outputPaths: [STREAM_ARN],
  };
  const logGroup = new LogGroup(scope, 'DescribeLogs', {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // A role of its own may write to that log and nowhere else; the CDK's would bring a policy that AWS wrote.
  const role = new Role(scope, 'DescribeRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  const described = new AwsCustomResource(scope, 'Described', {
    onCreate: call,
    onUpdate: call,
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({ actions: ['dynamodb:DescribeTable'], resources: [tableArn] }),
    ]),
    installLatestAwsSdk: false,
    logGroup,
    role,
  });
  return described.getResponseField(STREAM_ARN);
}
