import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { MAX_RECEIVES, QUEUES, type QueueName, queueName } from '../config/queues.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { DeadLetterQueue, grantSendTo, QUEUE_PROTECTION } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

/** What Lambda needs to read a queue in the function's name. */
const READ_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
/** What the function itself needs, to have a message that failed shown again soon. */
const HIDE_ACTION = 'sqs:ChangeMessageVisibility';

/** Minutes that a queue must be late before somebody is woken: a burst passes. */
const LATE_MINUTES = 5;

/** Where senders find the address. The other queues are fed by a rule, and by whoever moves dead letters back. */
const ADDRESS_VARIABLES: { readonly [Name in QueueName]?: string } = {
  orders: ENVIRONMENT.ordersQueueUrl,
  deliveries: ENVIRONMENT.deliveriesQueueUrl,
};

export interface WorkQueueProps {
  readonly deployment: Deployment;
  /** Its settings are in `lib/config/queues.ts`. */
  readonly name: QueueName;
  /** How old its oldest message may be. */
  readonly lateAfter: Duration;
  /** What goes wrong for a customer, in one sentence each. */
  readonly customerImpact: {
    /** While messages wait longer than that. */
    readonly late: string;
    /** While messages that were given up lie in the dead-letter queue. */
    readonly deadLetters: string;
  };
}

/** A queue of work, with the queue for what its worker cannot do. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  private readonly props: WorkQueueProps;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.props = props;
    const { deployment, name, customerImpact } = props;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      deployment,
      name,
      customerImpact: customerImpact.deadLetters,
    });
    this.queue = new Queue(this, 'Queue', {
      ...QUEUE_PROTECTION,
      queueName: queueName(deployment.stage, name),
      visibilityTimeout: Duration.seconds(
        QUEUES[name].workerTimeoutSeconds * deployment.settings.runsWhileHidden,
      ),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: MAX_RECEIVES },
    });
    this.alarmOnDelay();
  }

  /** Feeds the queue to its worker. Of a batch, what the worker names as failed comes again, and nothing else. */
  feed(worker: ServiceFunction): void {
    const { name } = this.props;
    const consume = { actions: [...READ_ACTIONS, HIDE_ACTION], resources: [this.queue.queueArn] };
    worker.addToRolePolicy(new PolicyStatement(consume));
    worker.addEnvironment(ENVIRONMENT.ownQueueUrl, this.queue.queueUrl);
    const mapping = worker.invokable.addEventSourceMapping(`Queue-${name}`, {
      eventSourceArn: this.queue.queueArn,
      enabled: true,
      batchSize: QUEUES[name].batchSize,
      maxBatchingWindow: Duration.seconds(QUEUES[name].batchingWindowSeconds),
      maxConcurrency: QUEUES[name].maxConcurrency,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'What fails goes to the dead-letter queue of the queue itself: SQS sources take no destination.',
    });
  }

  /**
   * Lets a function send to the queue.
   *
   * @throws an Error for a queue that no function sends to: its address has no variable.
   */
  grantSend(target: LambdaFunction): void {
    const variable = ADDRESS_VARIABLES[this.props.name];
    if (variable === undefined) throw new Error(`No function sends to the queue ${this.props.name}.`);
    grantSendTo(this.queue, target, variable);
  }

  private alarmOnDelay(): void {
    const { name, lateAfter, customerImpact } = this.props;
    new CustomerAlarm(this, 'Late', {
      customerImpact: customerImpact.late,
      runbookSection: `queue-late-${name}`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: lateAfter.toSeconds(),
      periods: LATE_MINUTES,
    });
  }
}
