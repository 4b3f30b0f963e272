// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the syntax of Fn::Sub.
import { describe, expect, it } from 'vitest';
import type { Resource, StackTemplate } from '../../lib/local/template/cloudformation.ts';
import { readRegion } from '../../lib/local/template/region-model.ts';
import { readTables, replicatedTables } from '../../lib/local/template/tables.ts';

const REGION = 'eu-west-1';

/** A function behind `ANY /v1`, and a rule that runs it. */
const RESOURCES: Record<string, Resource> = {
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'fn',
      Code: { S3Bucket: 'assets', S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Environment: { Variables: { TABLE: { Ref: 'Table' } } },
      Role: 'arn:aws:iam::000000000000:role/fn',
      Description: { 'Fn::GetAtt': ['Mystery', 'Arn'] },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' },
    },
  },
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      TableName: 'stock',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
          WriteProvisionedThroughputSettings: {},
        },
      ],
      Replicas: [{ Region: { Ref: 'AWS::Region' } }, { Region: 'us-east-1' }],
    },
  },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes: ['*/*'] } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'live' } },
  V1: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: { ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: 'v1' },
  },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      HttpMethod: 'ANY',
      ResourceId: { Ref: 'V1' },
      AuthorizationType: 'NONE',
      Integration: {
        Type: 'AWS_PROXY',
        Uri: {
          'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
        },
      },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(2 minutes)',
      Targets: [{ Arn: { Ref: 'Alias' }, Id: 'one', Input: '{"a":1}' }],
    },
  },
  Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
  Retries: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Fn' }, MaximumRetryAttempts: 1 },
  },
  Problem: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ResponseType: 'DEFAULT_5XX',
      StatusCode: '500',
      ResponseParameters: { 'gatewayresponse.header.X-Id': 'context.requestId' },
      ResponseTemplates: { 'application/json': '{}' },
    },
  },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: { 'Fn::Mystery': 1 } } },
};

const stackOf = (resources: Record<string, Resource>): StackTemplate => ({
  stackName: 'Shop',
  region: REGION,
  template: { Resources: resources },
  assets: new Map([['abc.zip', '/assets/abc']]),
});

/** The template with some properties of one resource changed. */
function withProperties(id: string, properties: object): StackTemplate {
  const changed = { ...RESOURCES[id], Properties: { ...RESOURCES[id]?.Properties, ...properties } };
  return stackOf({ ...RESOURCES, [id]: changed as Resource });
}

const FN = {
  name: 'fn',
  arn: 'arn:aws:lambda:eu-west-1:000000000000:function:fn',
  region: REGION,
  roleArn: 'arn:aws:iam::000000000000:role/fn',
  codeDirectory: '/assets/abc',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  environment: { TABLE: 'stock' },
  timeoutSeconds: 3,
  memoryMiB: 128,
  reservedConcurrency: undefined,
  logLevel: 'WARN',
  asyncRetries: 1,
};

describe('a template', () => {
  it('says what a region runs', () => {
    expect(readRegion([stackOf(RESOURCES)], REGION)).toEqual({
      region: REGION,
      api: {
        apiId: 'Api',
        stageName: 'live',
        stageArn: 'arn:aws:execute-api:eu-west-1:000000000000:Api/live',
        binaryMediaTypes: ['*/*'],
        routes: [
          {
            resource: '/v1',
            resourceId: 'V1',
            method: 'ANY',
            target: FN,
            authorizer: undefined,
            needsKey: false,
          },
        ],
        keys: new Map(),
        gatewayResponses: new Map([
          ['DEFAULT_5XX', { status: 500, headers: { 'X-Id': 'context.requestId' }, body: '{}' }],
        ]),
      },
      schedules: [
        {
          ruleArn: 'arn:aws:events:eu-west-1:000000000000:rule/Shop-Rule',
          periodMs: 120_000,
          targets: [{ function: FN, input: { a: 1 } }],
        },
      ],
      eventSources: [],
      buses: new Set(['default']),
      rules: [],
      deliveryStreams: [],
      queues: [],
      queueSources: [],
      roles: new Map(),
    });
  });

  it('may switch a rule off', () => {
    expect(readRegion([withProperties('Rule', { State: 'DISABLED' })], REGION).schedules).toEqual([]);
  });

  it.each([
    ['Fn', { Runtime: 'python3.13' }, 'Shop/Fn.Properties.Runtime: only Node.js runs locally.'],
    ['Fn', { Code: { S3Key: 'other.zip' } }, 'Shop/Fn.Properties.Code: no asset has this key.'],
    ['Fn', { Handler: undefined }, 'Shop/Fn.Properties.Handler: is missing.'],
    [
      'Fn',
      { Environment: { Variables: { A: { Ref: 'Nobody' } } } },
      'Shop/Fn.Environment.Variables.A.Ref: there is no resource Nobody.',
    ],
    ['Retries', { DestinationConfig: {} }, 'Shop/Retries.DestinationConfig: destinations of events'],
    ['Method', { AuthorizationType: 'AWS_IAM' }, 'only authorizers with a function run locally'],
    ['Method', { AuthorizationType: 'CUSTOM', AuthorizerId: 'Nobody' }, 'there is no such authorizer'],
    ['Method', { AuthorizationScopes: ['a'] }, 'scopes are not known locally'],
    ['Method', { ApiKeyRequired: true }, 'a key that no authorizer names is not known locally'],
    ['Method', { RequestValidatorId: 'x' }, 'request validators do not run locally'],
    ['Method', { Integration: { Type: 'MOCK' } }, 'only AWS_PROXY runs locally'],
    ['Method', { Integration: { Type: 'AWS_PROXY', Uri: 'arn:elsewhere' } }, 'does not name a function'],
    ['Method', { ResourceId: 'Nowhere' }, 'there is no such resource'],
    ['V1', { ParentId: 'Nowhere' }, 'its parent is unknown'],
    ['Rule', { EventPattern: { source: ['shop'] } }, 'a rule has a schedule or a pattern here, not both'],
    ['Rule', { ScheduleExpression: 'cron(* * * * ? *)' }, 'only rates run locally'],
    ['Rule', { Targets: [{ Arn: 'arn:aws:sqs:eu-west-1:0:q' }] }, 'is not a function of this region'],
    ['Rule', { Targets: [{ Arn: FN.arn, InputPath: '$' }] }, 'only a constant Input is known locally'],
    [
      'Problem',
      { ResponseParameters: { 'gatewayresponse.header.A': 'method.request.path' } },
      'is not known locally',
    ],
  ])('with %s %j is refused', (id, properties, message) => {
    expect(() => readRegion([withProperties(id, properties)], REGION)).toThrow(message);
  });

  it('with a type that nothing here runs is refused, with what to do about it', () => {
    const stack = stackOf({ ...RESOURCES, Topic: { Type: 'AWS::SNS::Topic' } });
    expect(() => readRegion([stack], REGION)).toThrow(
      /^Shop\/Topic.Type: AWS::SNS::Topic does not run locally\. Teach/,
    );
  });

  it('must be there, with an API', () => {
    expect(() => readRegion([stackOf(RESOURCES)], 'us-east-1')).toThrow(
      'us-east-1: no stack deploys to this region.',
    );
    const { Api: _, ...rest } = RESOURCES;
    expect(() => readRegion([stackOf(rest)], REGION)).toThrow();
  });
});

describe('a global table', () => {
  it.each([REGION, 'us-east-1'])('is a table of each region with a replica: %s', (region) => {
    expect(readTables([stackOf(RESOURCES)], region)).toEqual([
      {
        create: {
          TableName: 'stock',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'due',
              KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        },
        timeToLive: undefined,
        replicas: [REGION, 'us-east-1'],
      },
    ]);
  });

  it('has its stream and its time to live', () => {
    const stack = withProperties('Table', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    expect(readTables([stack], REGION)).toMatchObject([
      {
        create: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
        timeToLive: { AttributeName: 'ttl', Enabled: true },
      },
    ]);
  });

  it('is not replicated to a table of the same name that another region has for itself', () => {
    const alone = withProperties('Table', { Replicas: [{ Region: { Ref: 'AWS::Region' } }] });
    const shared = readTables([stackOf(RESOURCES)], REGION);
    const own = readTables([alone], REGION);
    expect(
      replicatedTables(
        REGION,
        new Map([
          [REGION, own],
          ['us-east-1', shared],
        ]),
      ),
    ).toEqual(new Set());
    expect(
      replicatedTables(
        REGION,
        new Map([
          [REGION, shared],
          ['us-east-1', shared],
        ]),
      ),
    ).toEqual(new Set(['stock']));
    expect(replicatedTables(REGION, new Map([[REGION, shared]]))).toEqual(new Set());
  });

  it('is none where it has no replica', () => {
    expect(readTables([stackOf(RESOURCES)], 'ap-northeast-1')).toEqual([]);
  });

  it('without its keys is refused', () => {
    const stack = withProperties('Table', { KeySchema: undefined });
    expect(() => readTables([stack], REGION)).toThrow('a global table needs KeySchema');
  });
});
