import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import type { ServiceEventBus } from './event-bus.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

/** An event is usually fanned out within two seconds. */
const NOTICES_LATE_AFTER = Duration.minutes(2);

/** What a receiver refuses waits in the table, not here: only slow receivers hold the queue up. */
const DELIVERIES_LATE_AFTER = Duration.minutes(5);

export interface WebhookWorkersProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
  readonly bus: ServiceEventBus;
}

/** Webhooks of one region: one function finds who wants an event, another calls them. */
export class WebhookWorkers extends Construct {
  readonly deliveries: WorkQueue;

  constructor(scope: Construct, id: string, props: WebhookWorkersProps) {
    super(scope, id);
    this.deliveries = this.createDeliveries(props);
    const notices = this.createNotices(props);
    props.bus.feedWebhooks(notices);
  }

  private createNotices({ deployment, table }: WebhookWorkersProps): WorkQueue {
    const notices = new WorkQueue(this, 'Notices', {
      deployment,
      name: 'notices',
      lateAfter: NOTICES_LATE_AFTER,
      customerImpact: {
        late: 'Webhooks arrive late: the systems of tenants do not know yet what has happened.',
        deadLetters: 'Some events reach no webhook: the systems of tenants never hear of them.',
      },
    });
    const notify = new ServiceFunction(this, 'Notify', { deployment, table, name: 'notify' });
    notices.feed(notify);
    this.deliveries.grantSend(notify);
    return notices;
  }

  private createDeliveries({ deployment, table }: WebhookWorkersProps): WorkQueue {
    const deliveries = new WorkQueue(this, 'Deliveries', {
      deployment,
      name: 'deliveries',
      lateAfter: DELIVERIES_LATE_AFTER,
      customerImpact: {
        late: 'Webhooks arrive late: the systems of tenants do not know yet what has happened.',
        deadLetters:
          'Some webhooks are neither delivered nor shown as parked: tenants miss them without knowing.',
      },
    });
    deliveries.feed(new ServiceFunction(this, 'Deliver', { deployment, table, name: 'deliver' }));
    return deliveries;
  }
}
