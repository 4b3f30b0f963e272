import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type DeadLetterName, deadLetterQueueName, QUEUE_RETENTION_DAYS } from '../config/queues.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';
import { CustomerAlarm } from './customer-alarm.ts';

/** What every queue has, dead letters or not: nobody listens in, and a long weekend loses nothing. */
export const QUEUE_PROTECTION = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
} as const satisfies QueueProps;

/** Lets a function send to a queue, and tells it the queue's address by a variable of `lib/config/environment.ts`. */
export function grantSendTo(queue: IQueue, target: LambdaFunction, variable: string): void {
  const send = { actions: ['sqs:SendMessage'], resources: [queue.queueArn] };
  target.addToRolePolicy(new PolicyStatement(send));
  target.addEnvironment(variable, queue.queueUrl);
}

const IS_THE_LAST =
  'It is a dead-letter queue itself: what lies in it waits for somebody, and an alarm is on.';

export interface DeadLetterQueueProps {
  readonly deployment: Deployment;
  readonly name: DeadLetterName;
  /** What goes wrong for a customer while messages lie here, in one sentence. */
  readonly customerImpact: string;
}

/** Keeps what was given up, for somebody to look at: an alarm is on until it is empty. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { deployment, name, customerImpact }: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...QUEUE_PROTECTION,
      queueName: deadLetterQueueName(deployment.stage, name),
    });
    acknowledge(this, {
      'AwsSolutions-SQS3': IS_THE_LAST,
      'Serverless-SQSRedrivePolicy': IS_THE_LAST,
    });
    new CustomerAlarm(this, 'NotEmpty', {
      customerImpact,
      runbookSection: `dlq-${name}`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 1,
    });
  }

  /** Lets a function set something aside without waiting until a queue gives it up. */
  grantSend(target: LambdaFunction, variable: string): void {
    grantSendTo(this.queue, target, variable);
  }
}
