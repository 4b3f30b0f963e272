import { describe, expect, it } from 'vitest';
import { synthesise } from '../../lib/local/synthesis/synthesise.ts';
import type { Resource, StackTemplate } from '../../lib/local/template/cloudformation.ts';
import { readRegion } from '../../lib/local/template/region-model.ts';
import { FIXTURE } from './fixtures/fixture-stack.ts';

const REGION = 'eu-west-1';
const STREAM_ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/stock/stream/2020-01-01T00:00:00.000';
const PATTERN = { eventName: ['INSERT'] };

const CALL = { service: 'DynamoDB', action: 'describeTable', parameters: { TableName: 'stock' } };

const table = (TableName: string, stream: object): Resource => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    TableName,
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    Replicas: [{ Region: REGION }],
    ...stream,
  },
});

/** A function behind an API, and a mapping that gives it a table's stream. */
const RESOURCES: Record<string, Resource> = {
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'fn',
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
    },
  },
  Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
  Table: table('stock', { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
  Quiet: table('quiet', {}),
  Lost: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'lost' } },
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'live' } },
  Described: { Type: 'Custom::AWS', Properties: { ServiceToken: 'provider', Create: JSON.stringify(CALL) } },
  Watch: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'Fn' },
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      StartingPosition: 'LATEST',
    },
  },
};

function changed(id: string, properties: object): StackTemplate {
  const resource = {
    ...RESOURCES[id],
    Properties: { ...RESOURCES[id]?.Properties, ...properties },
  } as Resource;
  return {
    stackName: 'Shop',
    region: REGION,
    template: { Resources: { ...RESOURCES, [id]: resource } },
    assets: new Map([['abc.zip', '/assets/abc']]),
  };
}
const sourceWith = (properties: object) => readRegion([changed('Watch', properties)], REGION).eventSources;

describe('an event source mapping', () => {
  it("has Lambda's defaults", () => {
    expect(sourceWith({})).toMatchObject([
      {
        id: 'Shop/Watch',
        function: { name: 'fn' },
        tableName: 'stock',
        streamArn: STREAM_ARN,
        batchSize: 100,
        batchingWindowMs: 0,
        filters: [],
        reportsFailures: false,
        bisects: false,
        maxRetries: undefined,
        maxAgeMs: undefined,
        failureQueue: undefined,
      },
    ]);
  });

  it('says all that it can', () => {
    const [source] = sourceWith({
      BatchSize: 7,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Lost', 'Arn'] } } },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(PATTERN) }] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 2,
      MaximumRecordAgeInSeconds: 60,
      MaximumRetryAttempts: 3,
      ParallelizationFactor: 10,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(source).toMatchObject({
      batchSize: 7,
      bisects: true,
      failureQueue: 'lost',
      reportsFailures: true,
      batchingWindowMs: 2_000,
      maxAgeMs: 60_000,
      maxRetries: 3,
    });
    expect(source?.filters[0]?.({ eventName: 'INSERT' })).toBe(true);
    expect(source?.filters[0]?.({ eventName: 'REMOVE' })).toBe(false);
  });

  it('says with -1 that there is no bound', () => {
    expect(sourceWith({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 })).toMatchObject([
      { maxRetries: undefined, maxAgeMs: undefined },
    ]);
  });

  it.each([[{ 'Fn::GetAtt': ['Fn', 'Arn'] }], [{ Ref: 'Alias' }], ['fn'], ['fn:live']])(
    'names its function as %j',
    (FunctionName) => {
      expect(sourceWith({ FunctionName })).toMatchObject([{ function: { name: 'fn' } }]);
    },
  );

  it('may be switched off', () => expect(sourceWith({ Enabled: false })).toEqual([]));

  it.each([
    [{ DestinationConfig: {} }, 'Shop/Watch.Properties.DestinationConfig: only a queue of this region'],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:eu-west-1:0:t' } } }, 'only a queue'],
    [{ Topics: ['x'] }, 'Shop/Watch.Properties.Topics: is not known locally'],
    [{ StartingPosition: 'AT_TIMESTAMP' }, 'AT_TIMESTAMP does not exist for streams of tables'],
    [{ StartingPosition: undefined }, 'Shop/Watch.Properties.StartingPosition'],
    [{ FunctionResponseTypes: ['Other'] }, 'Other is not known locally'],
    [{ FunctionName: 'nobody' }, 'nobody is not a function of this region'],
    [{ EventSourceArn: 'arn:aws:kinesis:eu-west-1:0:stream/s' }, 'is not the stream of a table'],
    [{ EventSourceArn: STREAM_ARN.replace(REGION, 'mars-1') }, 'eu-west-1 has no table stock with a stream'],
    [{ EventSourceArn: STREAM_ARN.replace('stock', 'nothing') }, 'has no table nothing with a stream'],
    [{ EventSourceArn: { 'Fn::GetAtt': ['Quiet', 'StreamArn'] } }, 'has no table quiet with a stream'],
    [{ FilterCriteria: { Filters: [{ Pattern: '{"a":[{"sounds-like":"b"}]}' }] } }, 'is not known locally'],
  ])('with %j is refused', (properties, message) => {
    expect(() => sourceWith(properties)).toThrow(message);
  });
});

describe('a custom call that describes a table', () => {
  const attribute = (name: string) => ({ EventSourceArn: { 'Fn::GetAtt': ['Described', name] } });

  it('knows the stream', () => {
    expect(sourceWith(attribute('Table.LatestStreamArn'))).toMatchObject([{ streamArn: STREAM_ARN }]);
  });

  it.each(['{"service":"DynamoDB",', { 'Fn::Join': ['', ['{', '}']] }])('is refused as %j', (Create) => {
    expect(() => readRegion([changed('Described', { Create })], REGION)).toThrow('Shop/Described.Create');
  });

  it('may be put together', () => {
    const Create = {
      'Fn::Join': ['', [JSON.stringify(CALL).slice(0, -1), ',"region":"', { Ref: 'AWS::Region' }, '"}']],
    };
    expect(readRegion([changed('Described', { Create })], REGION).eventSources).toHaveLength(1);
  });

  it.each([
    [{ ...CALL, service: 'S3' }, "only DynamoDB's describeTable in the own region runs locally"],
    [{ ...CALL, action: 'deleteTable' }, "only DynamoDB's describeTable"],
    [{ ...CALL, region: 'us-east-1' }, "only DynamoDB's describeTable"],
    [{ ...CALL, parameters: { TableName: 'other' } }, 'eu-west-1 has no table other'],
  ])('is refused as %j', (call, message) => {
    const stack = changed('Described', { Create: JSON.stringify(call) });
    expect(() => readRegion([stack], REGION)).toThrow(message);
  });

  it('does not tell what nobody has taught it', () => {
    expect(() => sourceWith(attribute('Table.ItemCount'))).toThrow('Table.ItemCount of Described');
  });

  it('is what the CDK synthesises for a region that does not define its table', async () => {
    const regions = ['us-east-1', 'eu-west-1'];
    const { stacks } = await synthesise({ ...FIXTURE.synthesis, regions });
    const streams = regions.map((region) => readRegion(stacks, region).eventSources[0]?.streamArn);
    const fixture = (region: string) =>
      `arn:aws:dynamodb:${region}:000000000000:table/fixture/stream/2020-01-01T00:00:00.000`;
    expect(streams).toEqual(regions.map(fixture));
  });
});
