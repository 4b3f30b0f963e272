import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  MetadataExtractionProcessor,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { logStreamName } from '../config/events.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';
import { CustomerAlarm } from './customer-alarm.ts';

/** What Firehose does to the bucket, by its own list, but for what only other accounts and keys need. */
const DELIVERY_ACTIONS = [
  's3:AbortMultipartUpload',
  's3:GetBucketLocation',
  's3:GetObject',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:PutObject',
];

/** One folder for each kind and day, so that a reader opens nothing that it does not want. */
const PREFIX = 'changes/kind=!{partitionKeyFromQuery:kind}/date=!{timestamp:yyyy-MM-dd}/';
const ERROR_PREFIX = 'errors/!{firehose:error-output-type}/date=!{timestamp:yyyy-MM-dd}/';

/** A file is written after a minute, the soonest there is with partitions, or at 64 MB, the least there is. */
const BUFFERING = { bufferingInterval: Duration.minutes(1), bufferingSize: Size.mebibytes(64) };

/** Firehose drops what it could not deliver within 24 hours; it is usually late by a minute. */
const LATE_AFTER = Duration.minutes(15);

export interface AnalyticsLogProps {
  readonly deployment: Deployment;
}

/**
 * The log of everything that changed in this region: lines of JSON in a bucket, written once and never changed.
 * They are not compressed, so that the files are the same as those of the embedded stack and any tool reads them.
 */
export class AnalyticsLog extends Construct {
  /** Name of the bucket, which CloudFormation makes up. */
  readonly bucketName: string;
  private readonly stream: DeliveryStream;

  constructor(scope: Construct, id: string, { deployment }: AnalyticsLogProps) {
    super(scope, id);
    const bucket = createBucket(this, deployment);
    this.bucketName = bucket.bucketName;
    this.stream = createStream(this, bucket, deployment);
    acknowledge(this, {
      [`AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket)}.Arn>/*]`]:
        'Firehose writes new files, whose names nobody knows before, into this one bucket.',
      'AwsSolutions-S1':
        'Only Firehose writes to it, once for each file; who reads it is in CloudTrail where its data events are on.',
    });
    this.alarmOnDelay();
  }

  /** Lets a function append to the log. */
  grantPut(target: LambdaFunction): void {
    const put = { actions: ['firehose:PutRecordBatch'], resources: [this.stream.deliveryStreamArn] };
    target.addToRolePolicy(new PolicyStatement(put));
    target.addEnvironment(ENVIRONMENT.logStreamName, this.stream.deliveryStreamName);
  }

  private alarmOnDelay(): void {
    new CustomerAlarm(this, 'Late', {
      customerImpact:
        'Reports and forecasts miss the latest changes; after a day without delivery some are missing for good.',
      runbookSection: 'log-late',
      metric: this.stream.metric('DeliveryToS3.DataFreshness', {
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: LATE_AFTER.toSeconds(),
      periods: 3,
    });
  }
}

function createBucket(scope: Construct, { settings }: Deployment): Bucket {
  const { infrequentAfterDays, expireAfterDays } = settings.changeLog;
  return new Bucket(scope, 'Bucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // No file is ever written twice, so there are no versions to keep.
    versioned: false,
    // Where it goes with its stack, it must be emptied first: a function that does so could empty any other, too.
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    lifecycleRules: [
      {
        // Parts of a file whose upload broke off cost as much as a file and are seen by nobody.
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        ...(infrequentAfterDays !== undefined && {
          transitions: [
            {
              storageClass: StorageClass.INFREQUENT_ACCESS,
              transitionAfter: Duration.days(infrequentAfterDays),
            },
          ],
        }),
        ...(expireAfterDays !== undefined && { expiration: Duration.days(expireAfterDays) }),
      },
    ],
  });
}

function createStream(scope: Construct, bucket: Bucket, { stage, settings }: Deployment): DeliveryStream {
  const logGroup = new LogGroup(scope, 'DeliveryLogs', {
    retention: settings.logRetentionDays,
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'DeliveryRole', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
  const policy = new Policy(scope, 'DeliveryPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: DELIVERY_ACTIONS,
        resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      }),
      new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    ],
  });
  const stream = new DeliveryStream(scope, 'Stream', {
    deliveryStreamName: logStreamName(stage),
    encryption: StreamEncryption.awsOwnedKey(),
    // The CDK declares a property of its buckets less exactly than that of the interface.
    destination: new S3Bucket(bucket as IBucket, {
      ...BUFFERING,
      compression: Compression.UNCOMPRESSED,
      dataOutputPrefix: PREFIX,
      errorOutputPrefix: ERROR_PREFIX,
      dynamicPartitioning: { enabled: true },
      // A record is a line with its break, so nothing needs to be put between two of them.
      processors: [MetadataExtractionProcessor.jq16({ kind: '.kind' })],
      loggingConfig: new EnableLogging(logGroup),
      // The CDK would let it delete files, and read all of them, by actions with wildcards.
      role: role.withoutPolicyUpdates(),
    }),
  });
  stream.node.addDependency(policy);
  return stream;
}
