import { describe, expect, it } from 'vitest';
import type { Resource } from '../../lib/local/template/cloudformation.ts';
import { readServices } from './fixtures/services.ts';

const REGION = 'eu-west-1';
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:orders';
const read = (resources: Record<string, Resource>) => readServices(resources, REGION);

const rule = (properties: object, target: object = {}): Record<string, Resource> => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['shop'] },
      Targets: [{ Arn: QUEUE, Id: 'q', ...target }],
      ...properties,
    },
  },
});

describe('a rule', () => {
  it('has the defaults of EventBridge', () => {
    const { rules, buses } = read(rule({}));
    expect(buses).toEqual(new Set(['default', 'shop']));
    expect(rules).toMatchObject([
      {
        arn: 'arn:aws:events:eu-west-1:000000000000:rule/Shop-Rule',
        busName: 'default',
        targets: [
          {
            id: 'q',
            arn: QUEUE,
            receiver: { kind: 'queue', queueArn: QUEUE },
            deadLetterArn: undefined,
            maxRetries: 185,
            maxAgeMs: 86_400_000,
          },
        ],
      },
    ]);
    expect(rules[0]?.matches({ source: 'shop' })).toBe(true);
    expect(rules[0]?.targets[0]?.input({ a: 1 })).toEqual({ a: 1 });
  });

  it.each([[{ Ref: 'Bus' }], [{ 'Fn::GetAtt': ['Bus', 'Arn'] }], ['shop']])(
    'names its bus as %j',
    (EventBusName) => {
      expect(read(rule({ EventBusName })).rules).toMatchObject([
        { busName: 'shop', arn: 'arn:aws:events:eu-west-1:000000000000:rule/shop/Shop-Rule' },
      ]);
    },
  );

  it('may be switched off', () => expect(read(rule({ State: 'DISABLED' })).rules).toEqual([]));

  it.each([
    [{ Input: '{"b":2}' }, { b: 2 }],
    [{ InputPath: '$' }, { a: { 'b-c': 1 } }],
    [{ InputPath: '$.a.b-c' }, 1],
    [{ InputPath: '$.a.b.c' }, undefined],
  ])('gives its target with %j %j', (input, expected) => {
    expect(read(rule({}, input)).rules[0]?.targets[0]?.input({ a: { 'b-c': 1 } })).toEqual(expected);
  });

  it.each([
    [{ EventPattern: { source: 'shop' } }, {}, 'Shop/Rule.Properties.EventPattern.source: a pattern holds'],
    [{ EventPattern: undefined }, {}, 'Shop/Rule.Properties.EventPattern: a pattern holds'],
    [{ EventBusName: 'other' }, {}, 'Shop/Rule.Properties.EventBusName: there is no bus other'],
    [{ Colour: 'red' }, {}, 'Shop/Rule.Properties.Colour: is not known locally'],
    [{}, { SqsParameters: {} }, 'Shop/Rule.Properties.Targets.0.SqsParameters: is not known locally'],
    [{}, { InputTransformer: {} }, 'Targets.0.InputTransformer: only Input and InputPath'],
    [{}, { InputPath: '$.a[0]' }, 'Targets.0.InputPath: $.a[0] is more than names'],
    [{}, { Input: '{' }, 'Targets.0.Input: is not JSON'],
    [{}, { Arn: `${QUEUE}.fifo` }, 'Targets.0.Arn: queues that keep an order'],
    [{}, { Arn: 'arn:aws:sns:eu-west-1:0:t' }, 'is neither a function nor a queue'],
    [{}, { Arn: 'arn:aws:lambda:eu-west-1:0:function:x' }, 'is not a function of this region'],
  ])('with %j and target %j is refused', (properties, target, message) => {
    expect(() => read(rule(properties, target))).toThrow(message);
  });

  it('refuses a bus with what is not known', () => {
    const Bus: Resource = {
      Type: 'AWS::Events::EventBus',
      Properties: { Name: 'b', EventSourceName: 'partner' },
    };
    expect(() => read({ Bus })).toThrow('Shop/Bus.Properties.EventSourceName: is not known locally');
  });
});

const stream = (destination: object, properties: object = {}): Record<string, Resource> => ({
  Log: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::log', ...destination },
      ...properties,
    },
  },
});
const processors = (...Processors: object[]) => ({ ProcessingConfiguration: { Enabled: true, Processors } });
const extraction = (ParameterValue: string) =>
  processors({
    Type: 'MetadataExtraction',
    Parameters: [{ ParameterName: 'MetadataExtractionQuery', ParameterValue }],
  });
const partitioned = { DynamicPartitioningConfiguration: { Enabled: true }, ErrorOutputPrefix: 'errors/' };

describe('a delivery stream', () => {
  it('has the defaults of Firehose', () => {
    const [definition] = read(stream({})).deliveryStreams;
    expect(definition).toMatchObject({
      name: 'Shop-Log',
      bucket: 'log',
      query: undefined,
      delimiter: '',
      compresses: false,
      intervalMs: 300_000,
      sizeBytes: 5_242_880,
    });
    const atMs = Date.UTC(2026, 0, 2, 3);
    expect(definition?.prefix({ atMs, keys: {} })).toBe('2026/01/02/03/');
  });

  it.each([
    ['{a:.b}', '{"b":1}', { a: '1' }],
    ['{"a" : .b.c , d:.e}', '{"b":{"c":true},"e":"x"}', { a: 'true', d: 'x' }],
    ['{a:.b}', '{"b":{}}', undefined],
    ['{a:.constructor}', '{}', undefined],
    ['{a:.b}', '[]', undefined],
    ['{a:.b}', '{', undefined],
  ])('finds by %s in %s: %j', (query, record, expected) => {
    const [definition] = read(stream(extraction(query))).deliveryStreams;
    expect(definition?.query?.find(record)).toEqual(expected);
  });

  it.each([
    [{ Prefix: '!{timestamp:yyyy}/' }, {}, 'ErrorOutputPrefix: is needed by a prefix with expressions'],
    [
      { Prefix: '!{timestamp:mm}/', ErrorOutputPrefix: 'e/' },
      {},
      'Prefix: a timestamp is made of yyyy, MM, dd and HH',
    ],
    [{ Prefix: '!{timestamp:-}/', ErrorOutputPrefix: 'e/' }, {}, 'a timestamp is made of'],
    [{ Prefix: '!{timestamp:yyyy', ErrorOutputPrefix: 'e/' }, {}, 'Prefix: an expression has no end'],
    [
      { Prefix: '!{firehose:random-string}/', ErrorOutputPrefix: 'e/' },
      {},
      '!{firehose:random-string} is not known locally',
    ],
    [
      { ...partitioned, Prefix: '!{partitionKeyFromQuery:a}/' },
      {},
      'Prefix: the query of the stream finds no a',
    ],
    [
      { ...partitioned, Prefix: 'x/' },
      {},
      'Prefix: partitions and DynamicPartitioningConfiguration need each other',
    ],
    [{ Prefix: '!{partitionKeyFromQuery:a}/' }, {}, 'need each other'],
    [extraction('{a:.b|length}'), {}, 'Processors.0: {a:.b|length} is not of the form'],
    [extraction('.a'), {}, 'is not of the form'],
    [processors({ Type: 'Lambda' }), {}, 'Processors.0: Lambda is not known locally'],
    [
      processors({
        Type: 'AppendDelimiterToRecord',
        Parameters: [{ ParameterName: 'Delimiter', ParameterValue: ';' }],
      }),
      {},
      'only a line break delimits records',
    ],
    [{ CompressionFormat: 'Snappy' }, {}, 'CompressionFormat: Snappy is not known locally'],
    [{ BucketARN: 'log' }, {}, 'BucketARN: log is not a bucket'],
    [{ BucketARN: 'arn:aws:s3:::../log' }, {}, 'is not a bucket'],
    [{ Colour: 'red' }, {}, 'ExtendedS3DestinationConfiguration.Colour: is not known locally'],
    [{}, { Colour: 'red' }, 'Shop/Log.Properties.Colour: is not known locally'],
    [{}, { DeliveryStreamType: 'MSKAsSource' }, 'DeliveryStreamType: MSKAsSource does not run locally'],
    [{}, { ExtendedS3DestinationConfiguration: undefined }, 'ExtendedS3DestinationConfiguration: is missing'],
  ])('with %j and %j is refused', (destination, properties, message) => {
    expect(() => read(stream(destination, properties))).toThrow(message);
  });
});
