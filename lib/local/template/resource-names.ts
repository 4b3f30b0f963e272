import type { Resource } from './cloudformation.ts';
import { LOCAL_ACCOUNT } from './cloudformation.ts';
import { CUSTOM_CALL, describedAttribute } from './described-table.ts';
import { streamArn, tableArn } from './table-arns.ts';

/** What the answers of `Ref` and `Fn::GetAtt` are made of. */
export interface NamedResource {
  readonly stackName: string;
  readonly region: string;
  readonly queueEndpoint: string | undefined;
  readonly logicalId: string;
  readonly resource: Resource;
  /** Resolves a property of this resource; `undefined` when the template leaves it out. */
  property(name: string): unknown;
}

type Answer = (of: NamedResource) => unknown;

interface Answers {
  readonly Ref: Answer;
  readonly [attribute: string]: Answer;
}

/** CloudFormation makes a name up when the template gives none; here it is the same at every start. */
const nameFrom =
  (property: string): Answer =>
  (of) =>
    of.property(property) ?? `${of.stackName}-${of.logicalId}`;

const arn =
  (service: string, resource: (of: NamedResource) => string): Answer =>
  (of) =>
    `arn:aws:${service}:${of.region}:${LOCAL_ACCOUNT}:${resource(of)}`;

const tableName = nameFrom('TableName');
const functionName = nameFrom('FunctionName');
const roleName = nameFrom('RoleName');
const queueName = nameFrom('QueueName');
const busName = nameFrom('Name');
const ruleName = nameFrom('Name');
/** Names of a rule's bus and of the rule; the default bus is not named. */
const ruleParts = (of: NamedResource): string[] => {
  const bus =
    String(of.property('EventBusName') ?? 'default')
      .split('/')
      .at(-1) ?? '';
  return [...(bus === 'default' ? [] : [bus]), String(ruleName(of))];
};
const streamName = nameFrom('DeliveryStreamName');
const bucketName: Answer = (of) => nameFrom('BucketName')(of)?.toString().toLowerCase();
const logicalId: Answer = (of) => of.logicalId;

/**
 * The SDK sends to the host of a queue's URL, whatever endpoint it was told, and says so on the console when the
 * two differ: so they must be the same. Without an endpoint nothing is sent, and any address will do.
 */
const queueUrl: Answer = (of) =>
  `${of.queueEndpoint ?? `http://sqs.${of.region}.localhost`}/${LOCAL_ACCOUNT}/${queueName(of)}`;

/** `Ref` and attributes of each type whose answers a template may use in what the embedded stack reads. */
const ANSWERS: Readonly<Record<string, Answers>> = {
  'AWS::DynamoDB::GlobalTable': {
    Ref: tableName,
    Arn: (of) => tableArn(of.region, String(tableName(of))),
    StreamArn: (of) => streamArn(of.region, String(tableName(of))),
  },
  'AWS::Lambda::Function': {
    Ref: functionName,
    Arn: arn('lambda', (of) => `function:${functionName(of)}`),
  },
  'AWS::Lambda::Version': {
    Ref: arn('lambda', (of) => `function:${of.property('FunctionName')}:1`),
    Version: () => '1',
  },
  'AWS::Lambda::Alias': {
    Ref: arn('lambda', (of) => `function:${of.property('FunctionName')}:${of.property('Name')}`),
  },
  'AWS::ApiGateway::RestApi': { Ref: logicalId, RootResourceId: (of) => `${of.logicalId}/` },
  'AWS::ApiGateway::Resource': { Ref: logicalId },
  'AWS::ApiGateway::Stage': { Ref: nameFrom('StageName') },
  'AWS::ApiGateway::Deployment': { Ref: logicalId },
  'AWS::ApiGateway::ApiKey': { Ref: logicalId },
  'AWS::ApiGateway::Authorizer': { Ref: logicalId },
  'AWS::ApiGateway::UsagePlan': { Ref: logicalId },
  'AWS::Events::Rule': {
    Ref: (of) => ruleParts(of).join('|'),
    Arn: arn('events', (of) => `rule/${ruleParts(of).join('/')}`),
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    Ref: streamName,
    Arn: arn('firehose', (of) => `deliverystream/${streamName(of)}`),
  },
  'AWS::Events::Archive': {
    Ref: nameFrom('ArchiveName'),
    Arn: arn('events', (of) => `archive/${nameFrom('ArchiveName')(of)}`),
  },
  'AWS::Events::EventBus': {
    Ref: busName,
    Name: busName,
    Arn: arn('events', (of) => `event-bus/${busName(of)}`),
  },
  'AWS::SQS::Queue': {
    Ref: queueUrl,
    QueueUrl: queueUrl,
    QueueName: queueName,
    Arn: arn('sqs', (of) => `${queueName(of)}`),
  },
  'AWS::S3::Bucket': { Ref: bucketName, Arn: (of) => `arn:aws:s3:::${bucketName(of)}` },
  'AWS::IAM::Role': {
    Ref: roleName,
    Arn: (of) => `arn:aws:iam::${LOCAL_ACCOUNT}:role/${roleName(of)}`,
  },
  'AWS::Logs::LogGroup': {
    Ref: nameFrom('LogGroupName'),
    Arn: arn('logs', (of) => `log-group:${nameFrom('LogGroupName')(of)}:*`),
  },
};

/** What `Ref` (attribute `Ref`) or `Fn::GetAtt` answers; `undefined` for a type or attribute not known here. */
export function attributeOf(of: NamedResource, attribute: string): unknown {
  if (of.resource.Type === CUSTOM_CALL) return describedAttribute(of, attribute);
  return ANSWERS[of.resource.Type]?.[attribute]?.(of);
}
