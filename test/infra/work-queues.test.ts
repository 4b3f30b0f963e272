import { describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../lib/config/functions.ts';
import { deadLetterQueueName, QUEUES, type QueueName, queueName } from '../../lib/config/queues.ts';
import { functionsOf, resourcesOf, synthesizeOne, written } from './synthesis.ts';

interface QueueProperties {
  readonly QueueName: string;
  readonly MessageRetentionPeriod: number;
  readonly SqsManagedSseEnabled: boolean;
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: unknown; readonly maxReceiveCount: number };
}

interface MappingProperties {
  readonly EventSourceArn: unknown;
  readonly FunctionName: unknown;
}

interface PolicyProperties {
  readonly PolicyDocument: {
    readonly Statement: readonly {
      Action: unknown;
      Condition?: unknown;
      Effect: string;
      Principal: unknown;
    }[];
  };
  readonly Queues: readonly unknown[];
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly MetricName: string;
  readonly Threshold: number;
}

const stack = synthesizeOne('prod');
const queues = new Map(
  resourcesOf<QueueProperties>(stack, 'AWS::SQS::Queue').map((queue) => [queue.properties.QueueName, queue]),
);
const arnOf = (name: string) => `<${queues.get(name)?.id}.Arn>`;
const names = Object.keys(QUEUES) as QueueName[];
const deadLetterNames = ([...names, 'targets'] as const).map((name) => deadLetterQueueName('prod', name));

const WORKERS: Record<QueueName, FunctionName> = {
  orders: 'orders',
  notices: 'notify',
  deliveries: 'deliver',
  changes: 'complete',
};

const alarmsOn = (queue: string) =>
  resourcesOf<AlarmProperties>(stack, 'AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties)
    .filter(({ Dimensions = [] }) =>
      Dimensions.some(
        ({ Value }) => typeof Value === 'object' && written(Value) === `<${queues.get(queue)?.id}.QueueName>`,
      ),
    );

describe('the queues', () => {
  it('are those of the configuration and their dead-letter queues, and no others', () => {
    const expected = [...names.map((name) => queueName('prod', name)), ...deadLetterNames];
    expect([...queues.keys()].toSorted()).toEqual(expected.toSorted());
  });

  it('keep messages for two weeks, encrypted, and are reached over TLS only', () => {
    const policies = resourcesOf<PolicyProperties>(stack, 'AWS::SQS::QueuePolicy');
    for (const { id, properties } of queues.values()) {
      expect(properties.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(properties.SqsManagedSseEnabled).toBe(true);
      const policy = policies.find(({ properties: { Queues } }) => Queues.map(written).includes(`<${id}>`));
      expect(policy?.properties.PolicyDocument.Statement).toContainEqual({
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Resource: { 'Fn::GetAtt': [id, 'Arn'] },
      });
    }
  });
});

describe.each(names)('the queue %s', (name) => {
  const queue = queues.get(queueName('prod', name))?.properties;
  const worker = WORKERS[name];

  it('gives a message five chances, and then keeps it aside', () => {
    expect(queue?.RedrivePolicy?.maxReceiveCount).toBe(5);
    expect(written(queue?.RedrivePolicy?.deadLetterTargetArn)).toBe(arnOf(deadLetterQueueName('prod', name)));
    expect(queues.get(deadLetterQueueName('prod', name))?.properties).not.toHaveProperty('RedrivePolicy');
  });

  it('hides a message while its worker may be at it, with all the retries of Lambda', () => {
    expect(queue?.VisibilityTimeout).toBe(6 * QUEUES[name].workerTimeoutSeconds);
    expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * FUNCTIONS[worker].timeoutSeconds);
  });

  it('feeds its worker, and takes back only what that could not do', () => {
    const mappings = resourcesOf<MappingProperties>(stack, 'AWS::Lambda::EventSourceMapping').filter(
      ({ properties }) => written(properties.EventSourceArn) === arnOf(queueName('prod', name)),
    );
    expect(mappings.map(({ properties }) => properties)).toEqual([
      {
        BatchSize: QUEUES[name].batchSize,
        Enabled: true,
        EventSourceArn: expect.anything(),
        FunctionName: { Ref: functionsOf(stack).get(worker)?.id },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumBatchingWindowInSeconds: QUEUES[name].batchingWindowSeconds,
        ScalingConfig: { MaximumConcurrency: QUEUES[name].maxConcurrency },
      },
    ]);
  });

  it('has an alarm for its delay', () => {
    const [alarm, ...others] = alarmsOn(queueName('prod', name));
    expect(others).toEqual([]);
    expect(alarm?.MetricName).toBe('ApproximateAgeOfOldestMessage');
    expect(alarm?.AlarmDescription).toMatch(new RegExp(`#queue-late-${name}$`));
  });
});

describe.each([...names, 'targets'] as const)('the dead-letter queue of %s', (name) => {
  it('has an alarm that is on while anything is in it', () => {
    const alarms = alarmsOn(deadLetterQueueName('prod', name));
    expect(alarms).toMatchObject([{ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }]);
    expect(alarms[0]?.AlarmDescription).toMatch(new RegExp(`#dlq-${name}$`));
  });
});
