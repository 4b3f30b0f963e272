import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

/** An order is usually accepted within two seconds. */
const LATE_AFTER = Duration.minutes(1);

export interface OrderWorkerProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
}

/** The order queue of one region, and the function that records its confirmations as orders and judges queued ones. */
export class OrderWorker extends Construct {
  readonly orders: WorkQueue;

  constructor(scope: Construct, id: string, { deployment, table }: OrderWorkerProps) {
    super(scope, id);
    this.orders = new WorkQueue(this, 'Orders', {
      deployment,
      name: 'orders',
      lateAfter: LATE_AFTER,
      customerImpact: {
        late: 'Orders stay in processing, and queued confirmations wait until their holds may have expired.',
        deadLetters: 'Some orders stay in processing for ever, though their units are taken.',
      },
    });
    this.orders.feed(new ServiceFunction(this, 'Function', { deployment, table, name: 'orders' }));
  }
}
