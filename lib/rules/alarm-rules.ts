import type { CfnResource } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { HouseRule } from './house-rule.ts';
import { logicalIdOf, neighboursOf, referredId, resolved } from './resolved.ts';

const redriveTargetOf = (queue: CfnQueue): string | undefined =>
  referredId(queue, resolved(queue, queue.redrivePolicy)?.deadLetterTargetArn);

/** Queues that other queues or targets of rules put into what they give up are called so. */
const isDeadLetterQueue = (queue: CfnQueue): boolean => {
  if (typeof queue.queueName === 'string' && queue.queueName.endsWith('-dlq')) return true;
  const id = logicalIdOf(queue);
  return neighboursOf(queue).some((other) => other instanceof CfnQueue && redriveTargetOf(other) === id);
};

const watchesDepthOf = (queueId: string) => (resource: CfnResource) =>
  resource instanceof CfnAlarm &&
  resource.metricName === 'ApproximateNumberOfMessagesVisible' &&
  (resolved(resource, resource.dimensions) as readonly { value: unknown }[]).some(
    ({ value }) => referredId(resource, value) === queueId,
  );

export const ALARM_RULES: readonly HouseRule[] = [
  {
    name: 'DeadLetterAlarm',
    message: 'Nobody hears of what lies in a dead-letter queue: give it an alarm on its depth.',
    check: (resource) => {
      if (!(resource instanceof CfnQueue) || !isDeadLetterQueue(resource)) return undefined;
      return neighboursOf(resource).some(watchesDepthOf(logicalIdOf(resource)));
    },
  },
  {
    name: 'AlarmSaysWhatToDo',
    message: 'An alarm does not say what a customer suffers and which section of the runbook to read.',
    check: (resource) =>
      resource instanceof CfnAlarm || resource instanceof CfnCompositeAlarm
        ? /\. Runbook: \S+#\S+$/.test(resource.alarmDescription ?? '')
        : undefined,
  },
];
