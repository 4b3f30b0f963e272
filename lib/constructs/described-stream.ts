import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Path of the stream in the answer. Nothing else of it is kept: a custom resource may answer 4 KB at most. */
const STREAM_ARN = 'Table.LatestStreamArn';

/** What the CDK's function takes by default; said here, so that it does not change by itself. */
const PROVIDER_MEMORY_MIB = 512;

const RUNS_AT_DEPLOYMENT = 'It runs while the stack is deployed, and CloudFormation waits for its answer.';
const PROVIDER_REASONS = {
  'Holdfast-FunctionConcurrency': RUNS_AT_DEPLOYMENT,
  'Serverless-LambdaDLQ': RUNS_AT_DEPLOYMENT,
  'Serverless-LambdaTracing': RUNS_AT_DEPLOYMENT,
};

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
    memorySize: PROVIDER_MEMORY_MIB,
    logGroup,
    role,
  });
  // All custom resources of a stack share this one function, which stands in the stack itself.
  const provider = Stack.of(scope).node.tryFindChild(
    `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`,
  );
  if (provider !== undefined) acknowledge(provider, PROVIDER_REASONS);
  return described.getResponseField(STREAM_ARN);
}
