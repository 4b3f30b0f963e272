import { describe, expect, it } from 'vitest';
import { onlyResource, resourcesOf, synthesizeOne, written } from './synthesis.ts';

interface StreamProperties {
  readonly DeliveryStreamEncryptionConfigurationInput: unknown;
  readonly DeliveryStreamName: string;
  readonly DeliveryStreamType: string;
  readonly ExtendedS3DestinationConfiguration: {
    readonly BucketARN: unknown;
    readonly RoleARN: unknown;
  };
}

interface BucketProperties {
  readonly LifecycleConfiguration: { readonly Rules: readonly unknown[] };
}

interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly { Action: unknown; Resource: unknown }[] };
  readonly Roles: readonly { readonly Ref: string }[];
}

const stack = synthesizeOne('prod');
const stream = onlyResource<StreamProperties>(stack, 'AWS::KinesisFirehose::DeliveryStream').properties;
const bucketOf = (stage: string) => onlyResource<BucketProperties>(synthesizeOne(stage), 'AWS::S3::Bucket');

describe('the delivery stream of the analytics log', () => {
  it('writes lines of JSON, plain, a folder for each kind and day, as soon as it can', () => {
    expect(stream).toMatchObject({
      DeliveryStreamName: 'holdfast-prod-log',
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
        CompressionFormat: 'UNCOMPRESSED',
        DynamicPartitioningConfiguration: { Enabled: true },
        Prefix: 'changes/kind=!{partitionKeyFromQuery:kind}/date=!{timestamp:yyyy-MM-dd}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/date=!{timestamp:yyyy-MM-dd}/',
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{"kind":.kind}' },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
      },
    });
  });

  it('may write to its bucket and say what failed, and nothing else', () => {
    const { id } = onlyResource(stack, 'AWS::S3::Bucket');
    const { BucketARN, RoleARN } = stream.ExtendedS3DestinationConfiguration;
    expect(written(BucketARN)).toBe(`<${id}.Arn>`);
    const role = written(RoleARN).slice(1, -'.Arn>'.length);
    const statements = resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy')
      .filter(({ properties }) => properties.Roles.some(({ Ref }) => Ref === role))
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
    expect(
      statements.map(({ Action, Resource }) => [[Action].flat(), [Resource].flat().map(written)]),
    ).toEqual([
      [
        [
          's3:AbortMultipartUpload',
          's3:GetBucketLocation',
          's3:GetObject',
          's3:ListBucket',
          's3:ListBucketMultipartUploads',
          's3:PutObject',
        ],
        [`<${id}.Arn>`, `<${id}.Arn>/*`],
      ],
      [['logs:PutLogEvents'], [expect.stringMatching(/^<AnalyticsLogDeliveryLogs\w+\.Arn>$/)]],
    ]);
  });

  it('has an alarm for its delay', () => {
    const alarms = resourcesOf<{ MetricName: string; Namespace: string }>(stack, 'AWS::CloudWatch::Alarm');
    const late = alarms.find(({ properties }) => properties.MetricName === 'DeliveryToS3.DataFreshness');
    expect(late?.properties).toMatchObject({ Namespace: 'AWS/Firehose', Threshold: 900 });
  });
});

describe('its bucket', () => {
  it('is private, encrypted, and reached over TLS only', () => {
    const { id, properties } = bucketOf('prod');
    expect(properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(properties).not.toHaveProperty('VersioningConfiguration');
    const policy = onlyResource<{ Bucket: unknown }>(stack, 'AWS::S3::BucketPolicy').properties;
    expect(policy).toMatchObject({
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      },
    });
  });

  it('keeps the files of production for ever, in cheaper storage after a month', () => {
    const { deletionPolicy, properties } = bucketOf('prod');
    expect(deletionPolicy).toBe('Retain');
    const [rule] = properties.LifecycleConfiguration.Rules;
    expect(rule).toMatchObject({ Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }] });
    expect(rule).not.toHaveProperty('ExpirationInDays');
  });

  it.each(['local', 'dev'])('forgets those of stage %s within a week', (stage) => {
    const { deletionPolicy, properties } = bucketOf(stage);
    expect(deletionPolicy).toBe('Delete');
    expect(properties.LifecycleConfiguration.Rules).toMatchObject([{ ExpirationInDays: 7 }]);
  });

  it('is named by the stack, for whoever replays the log', () => {
    expect(written(stack.template.Outputs['LogBucketName']?.Value)).toBe(`<${bucketOf('prod').id}>`);
  });
});
