import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { HOUSE_RULES, HouseChecks } from '../../lib/rules/house-checks.ts';

/** Names of the rules that what `build` makes breaks. */
function broken(build: (stack: Stack) => void): string[] {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1' } });
  build(stack);
  const { violations } = new HouseChecks(app).validateScope(app);
  return violations.map(({ ruleName }) => ruleName.replace('Holdfast-', '')).toSorted();
}

const KEY = { name: 'pk', type: AttributeType.STRING };
const GUARDED = {
  partitionKey: KEY,
  deletionProtection: true,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
};
const ownKey = (stack: Stack) => TableEncryptionV2.customerManagedKey(new Key(stack, 'Key'));

function worker(stack: Stack, props: { readonly reservedConcurrentExecutions?: number } = {}) {
  return new LambdaFunction(stack, 'Worker', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(30),
    reservedConcurrentExecutions: 1,
    logGroup: new LogGroup(stack, 'Log', { retention: 7 }),
    ...props,
  });
}

function mapping(stack: Stack, queue: Queue | undefined, props: object = {}) {
  return new CfnEventSourceMapping(stack, 'Mapping', {
    functionName: worker(stack).functionName,
    eventSourceArn: queue?.queueArn ?? 'arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/s',
    functionResponseTypes: ['ReportBatchItemFailures'],
    ...props,
  });
}

const hiddenFor = (stack: Stack, seconds: number) =>
  new Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(seconds) });
const SCALING = { scalingConfig: { maximumConcurrency: 2 } };
const STREAM = {
  startingPosition: 'TRIM_HORIZON',
  bisectBatchOnFunctionError: true,
  maximumRecordAgeInSeconds: 60,
  destinationConfig: { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:d' } },
};

function watched(queue: Queue, description = 'Something is missing. Runbook: docs/runbook.md#dlq-orders') {
  new Alarm(queue, 'Alarm', {
    metric: queue.metricApproximateNumberOfMessagesVisible(),
    threshold: 1,
    evaluationPeriods: 1,
    alarmDescription: description,
  });
}

/** For each rule what breaks it, and what is nearly the same and keeps all of them. */
const CASES: Record<string, { readonly bad: (stack: Stack) => void; readonly good: (stack: Stack) => void }> =
  {
    ReplicaRecovery: {
      bad: (stack) =>
        new TableV2(stack, 'T', {
          ...GUARDED,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
          encryption: ownKey(stack),
        }),
      good: (stack) => new TableV2(stack, 'T', { ...GUARDED, encryption: ownKey(stack) }),
    },
    ReplicaDeletionProtection: {
      bad: (stack) =>
        new TableV2(stack, 'T', { ...GUARDED, deletionProtection: false, encryption: ownKey(stack) }),
      good: (stack) => new TableV2(stack, 'T', { ...GUARDED, encryption: ownKey(stack) }),
    },
    ReplicaKey: {
      bad: (stack) => new TableV2(stack, 'T', GUARDED),
      good: (stack) => new TableV2(stack, 'T', { ...GUARDED, encryption: ownKey(stack) }),
    },
    NoTimeToLive: {
      bad: (stack) =>
        new TableV2(stack, 'T', { ...GUARDED, encryption: ownKey(stack), timeToLiveAttribute: 'ttl' }),
      good: (stack) => new TableV2(stack, 'T', { ...GUARDED, encryption: ownKey(stack) }),
    },
    BatchItemFailures: {
      bad: (stack) => mapping(stack, hiddenFor(stack, 180), { ...SCALING, functionResponseTypes: [] }),
      good: (stack) => mapping(stack, hiddenFor(stack, 180), SCALING),
    },
    QueueConcurrency: {
      bad: (stack) => mapping(stack, hiddenFor(stack, 180)),
      good: (stack) => mapping(stack, hiddenFor(stack, 180), SCALING),
    },
    HiddenLongEnough: {
      bad: (stack) => mapping(stack, hiddenFor(stack, 179), SCALING),
      good: (stack) => mapping(stack, hiddenFor(stack, 180), SCALING),
    },
    StreamFailures: {
      bad: (stack) => mapping(stack, undefined, { ...STREAM, destinationConfig: undefined }),
      good: (stack) => mapping(stack, undefined, STREAM),
    },
    DeadLetterAlarm: {
      bad: (stack) => {
        const queue = new Queue(stack, 'Dead');
        new Queue(stack, 'Queue', { deadLetterQueue: { queue, maxReceiveCount: 5 } });
        watched(new Queue(stack, 'Other'));
      },
      good: (stack) => {
        const queue = new Queue(stack, 'Dead');
        new Queue(stack, 'Queue', { deadLetterQueue: { queue, maxReceiveCount: 5 } });
        watched(queue);
      },
    },
    AlarmSaysWhatToDo: {
      bad: (stack) => watched(new Queue(stack, 'Queue'), 'The queue is deep.'),
      good: (stack) => watched(new Queue(stack, 'Queue')),
    },
    FunctionConcurrency: {
      bad: (stack) => {
        const target = worker(stack);
        (
          target.node.defaultChild as unknown as { reservedConcurrentExecutions: undefined }
        ).reservedConcurrentExecutions = undefined;
      },
      good: (stack) => worker(stack),
    },
    FunctionLog: {
      bad: (stack) =>
        new LambdaFunction(stack, 'Worker', {
          runtime: Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: Code.fromInline('exports.handler = async () => {};'),
          reservedConcurrentExecutions: 1,
        }),
      good: (stack) => worker(stack),
    },
    LogRetention: {
      bad: (stack) => {
        const log = new LogGroup(stack, 'Log');
        (log.node.defaultChild as unknown as { retentionInDays: undefined }).retentionInDays = undefined;
      },
      good: (stack) => new LogGroup(stack, 'Log', { retention: 7 }),
    },
    NoOpenPolicy: {
      bad: (stack) =>
        new Queue(stack, 'Queue').addToResourcePolicy(
          new PolicyStatement({
            principals: [new AnyPrincipal()],
            actions: ['sqs:SendMessage'],
            resources: ['*'],
            conditions: { StringEquals: { 'kms:CallerAccount': '1', 'kms:ViaService': 'sqs' } },
          }),
        ),
      good: (stack) =>
        new Key(stack, 'Key').addToResourcePolicy(
          new PolicyStatement({
            principals: [new AnyPrincipal()],
            actions: ['kms:Decrypt'],
            resources: ['*'],
            conditions: { StringEquals: { 'kms:CallerAccount': '1', 'kms:ViaService': 'dynamodb' } },
          }),
        ),
    },
    NoDestruction: {
      bad: (stack) =>
        new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(
          new PolicyStatement({
            actions: ['dynamodb:DeleteTable'],
            resources: ['arn:aws:dynamodb:::table/t'],
          }),
        ),
      good: (stack) =>
        new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(
          new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: ['arn:aws:dynamodb:::table/t'] }),
        ),
    },
  };

describe('our own rules', () => {
  it('have a case each', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(HOUSE_RULES.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(CASES))(
    '%s is broken by what is wrong, and by nothing nearly like it',
    (name, { bad, good }) => {
      expect(broken(bad)).toEqual([name]);
      expect(broken(good)).toEqual([]);
    },
  );
});
