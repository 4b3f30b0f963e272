import { describe, expect, it } from 'vitest';
import type { Resource, StackTemplate } from '../../lib/local/template/cloudformation.ts';
import { readRegion } from '../../lib/local/template/region-model.ts';

const REGION = 'eu-west-1';
const arnOf = (name: string) => `arn:aws:sqs:${REGION}:000000000000:${name}`;

/** A function behind an API, a queue that feeds it, and one for dead letters. */
const RESOURCES: Record<string, Resource> = {
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'fn',
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 10,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Work' } } },
    },
  },
  Work: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: 'work',
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
    },
  },
  Dead: { Type: 'AWS::SQS::Queue' },
  Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Work' }] } },
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'live' } },
  Feed: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Fn' }, EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] } },
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
    queueEndpoint: 'http://127.0.0.1:9324',
  };
}
const queuesWith = (properties: object) => readRegion([changed('Work', properties)], REGION).queues;
const sourceWith = (properties: object) => readRegion([changed('Feed', properties)], REGION).queueSources[0];

describe('a queue', () => {
  it("has SQS's defaults, a name, and an address at the emulator", () => {
    expect(queuesWith({})).toEqual([
      {
        name: 'work',
        arn: arnOf('work'),
        url: 'http://127.0.0.1:9324/000000000000/work',
        visibilityTimeoutSeconds: 30,
        attributes: {
          VisibilityTimeout: '30',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('Shop-Dead'), maxReceiveCount: 5 }),
        },
        deadLetterArn: arnOf('Shop-Dead'),
      },
      {
        name: 'Shop-Dead',
        arn: arnOf('Shop-Dead'),
        url: 'http://127.0.0.1:9324/000000000000/Shop-Dead',
        visibilityTimeoutSeconds: 30,
        attributes: { VisibilityTimeout: '30' },
        deadLetterArn: undefined,
      },
    ]);
  });

  it('says all that it can, and what shows nowhere does not matter', () => {
    const [queue] = queuesWith({
      DelaySeconds: 3,
      KmsMasterKeyId: { Ref: 'Mystery' },
      MaximumMessageSize: 2_048,
      MessageRetentionPeriod: 1_209_600,
      ReceiveMessageWaitTimeSeconds: 20,
      SqsManagedSseEnabled: true,
      Tags: [{ Key: 'a', Value: 'b' }],
      VisibilityTimeout: 60,
    });
    expect(queue?.attributes).toMatchObject({
      DelaySeconds: '3',
      MaximumMessageSize: '2048',
      MessageRetentionPeriod: '1209600',
      ReceiveMessageWaitTimeSeconds: '20',
      VisibilityTimeout: '60',
    });
  });

  it('is known to the function whose environment names it', () => {
    const target = sourceWith({})?.function;
    expect(target?.environment).toEqual({ QUEUE_URL: 'http://127.0.0.1:9324/000000000000/work' });
  });

  it.each([
    [{ FifoQueue: true }, 'Shop/Work.Properties.FifoQueue: is not known locally'],
    [{ ContentBasedDeduplication: true }, 'ContentBasedDeduplication: is not known locally'],
    [{ VisibilityTimeout: 43_201 }, 'Shop/Work.Properties.VisibilityTimeout: '],
    [{ VisibilityTimeout: 1.5 }, 'Shop/Work.Properties.VisibilityTimeout: '],
    [{ DelaySeconds: 901 }, 'Shop/Work.Properties.DelaySeconds: '],
    [{ MessageRetentionPeriod: 59 }, 'Shop/Work.Properties.MessageRetentionPeriod: '],
    [{ ReceiveMessageWaitTimeSeconds: 21 }, 'Shop/Work.Properties.ReceiveMessageWaitTimeSeconds: '],
    [
      { RedrivePolicy: { deadLetterTargetArn: arnOf('Shop-Dead'), maxReceiveCount: 0 } },
      'Shop/Work.Properties.RedrivePolicy.maxReceiveCount: ',
    ],
    [
      { RedrivePolicy: { deadLetterTargetArn: arnOf('mars'), maxReceiveCount: 1 } },
      'mars is not a queue of this region',
    ],
  ])('is refused with %j', (properties, message) => {
    expect(() => queuesWith(properties)).toThrow(message);
  });
});

describe('an event source mapping of a queue', () => {
  it("has Lambda's defaults, and is no source of a stream", () => {
    expect(sourceWith({})).toEqual({
      function: expect.objectContaining({ name: 'fn' }),
      queueName: 'work',
      queueArn: arnOf('work'),
      batchSize: 10,
      batchingWindowMs: 0,
      filters: [],
      reportsFailures: false,
      maxConcurrency: undefined,
    });
    expect(readRegion([changed('Feed', {})], REGION).eventSources).toEqual([]);
  });

  it('says all that it can', () => {
    const source = sourceWith({
      BatchSize: 10_000,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 300,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(source).toMatchObject({
      batchSize: 10_000,
      batchingWindowMs: 300_000,
      reportsFailures: true,
      maxConcurrency: 2,
    });
  });

  it('that is disabled is none', () => {
    expect(sourceWith({ Enabled: false })).toBeUndefined();
  });

  it.each([
    ['{"body":{"kind":["order"]}}', { kind: 'order' }, true],
    ['{"body":{"kind":["order"]}}', { kind: 'other' }, false],
    ['{"body":{"kind":[{"exists":false}]}}', 'plain text', false],
    ['{"body":["plain text"]}', 'plain text', true],
    ['{"body":[{"anything-but":"x"}]}', { kind: 'order' }, false],
  ])('filters with %s as Lambda does: %j', (Pattern, body, matches) => {
    const [filter] = sourceWith({ FilterCriteria: { Filters: [{ Pattern }] } })?.filters ?? [];
    expect(filter?.({ body })).toBe(matches);
  });

  const filtered = (Pattern: string) => ({ FilterCriteria: { Filters: [{ Pattern }] } });
  it.each([
    [{ EventSourceArn: arnOf('mars') }, 'mars is not a queue of this region'],
    [{ StartingPosition: 'LATEST' }, 'Shop/Feed.Properties.StartingPosition: is not known locally'],
    [{ BisectBatchOnFunctionError: true }, 'BisectBatchOnFunctionError: is not known locally'],
    [{ MaximumRetryAttempts: 2 }, 'MaximumRetryAttempts: is not known locally'],
    [{ DestinationConfig: {} }, 'DestinationConfig: is not known locally'],
    [{ FunctionResponseTypes: ['Other'] }, 'Other is not known locally'],
    [{ BatchSize: 0 }, 'BatchSize: 0 is not a whole number from 1 to 10000'],
    [{ BatchSize: 10_001 }, 'BatchSize: 10001 is not'],
    [{ BatchSize: 11 }, 'MaximumBatchingWindowInSeconds: a batch of 11 needs a window'],
    [{ MaximumBatchingWindowInSeconds: 301 }, 'MaximumBatchingWindowInSeconds: 301 is not'],
    [{ ScalingConfig: { MaximumConcurrency: 1 } }, 'MaximumConcurrency: 1 is not a whole number from 2'],
    [filtered('{'), 'the pattern is not JSON'],
    [filtered('{"messageId":["x"]}'), 'a filter for messages looks at their body'],
  ])('is refused with %j', (properties, message) => {
    expect(() => sourceWith(properties)).toThrow(message);
  });

  it('is refused when the queue shows a message again before the function must be done', () => {
    expect(queuesWith({ VisibilityTimeout: 10 })).toHaveLength(2);
    expect(() => queuesWith({ VisibilityTimeout: 9 })).toThrow(
      'the visibility timeout of work, 9 s, is less than the timeout of fn, 10 s',
    );
  });
});
