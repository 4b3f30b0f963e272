import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { EVENT_SOURCE, eventBusName } from '../config/events.ts';
import type { Deployment } from '../config/stages.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { WorkQueue } from './work-queue.ts';

/** As long, and as often, as EventBridge can try: what it gives up then lies in the dead-letter queue. */
const MAX_EVENT_AGE = Duration.hours(24);
const RETRY_ATTEMPTS = 185;

const OUR_EVENTS = { source: [EVENT_SOURCE] };

export interface ServiceEventBusProps {
  readonly deployment: Deployment;
}

/**
 * The events of one region, for partners and for webhooks. The bus itself has no dead-letter queue: it would take
 * only what a key of our own could not decrypt, and there is none.
 */
export class ServiceEventBus extends Construct {
  private readonly bus: EventBus;
  private readonly deployment: Deployment;

  constructor(scope: Construct, id: string, { deployment }: ServiceEventBusProps) {
    super(scope, id);
    this.deployment = deployment;
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: eventBusName(deployment.stage),
      description: 'What happens to stock, reservations and orders of this region.',
    });
    new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      description: 'Events of this region, to be shown again to whoever lost them.',
      eventPattern: OUR_EVENTS,
      retention: Duration.days(deployment.settings.eventArchiveDays),
    });
  }

  /** Lets a function put events on the bus. */
  grantPut(target: LambdaFunction): void {
    const put = { actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] };
    target.addToRolePolicy(new PolicyStatement(put));
    target.addEnvironment(ENVIRONMENT.eventBusName, this.bus.eventBusName);
  }

  /** Puts every event on the queue of those who fan them out to webhooks. */
  feedWebhooks({ queue }: WorkQueue): void {
    const { queue: deadLetterQueue } = new DeadLetterQueue(this, 'WebhooksDeadLetters', {
      deployment: this.deployment,
      name: 'targets',
      customerImpact: 'Tenants miss webhooks: some events of this region reached none of their systems.',
    });
    new Rule(this, 'Webhooks', {
      ruleName: 'webhooks',
      eventBus: this.bus,
      description: 'Hands every event to the webhooks of its tenant.',
      eventPattern: OUR_EVENTS,
      targets: [
        new SqsQueue(queue, { deadLetterQueue, maxEventAge: MAX_EVENT_AGE, retryAttempts: RETRY_ATTEMPTS }),
      ],
    });
  }
}
