import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AnalyticsLog } from '../constructs/analytics-log.ts';
import { BackupAlarm } from '../constructs/backup-alarm.ts';
import { Canary } from '../constructs/canary.ts';
import { ChangeStream } from '../constructs/change-stream.ts';
import { ServiceEventBus } from '../constructs/event-bus.ts';
import { HttpApi } from '../constructs/http-api.ts';
import { InventoryTable } from '../constructs/inventory-table.ts';
import { OrderWorker } from '../constructs/order-worker.ts';
import { ReadTable } from '../constructs/read-table.ts';
import { RegionalWatch } from '../constructs/regional-watch.ts';
import { ScheduledAudit } from '../constructs/scheduled-audit.ts';
import { regionalName, ServiceDomain } from '../constructs/service-domain.ts';
import { ServiceKeys } from '../constructs/service-keys.ts';
import { Sweep } from '../constructs/sweep.ts';
import { WebhookWorkers } from '../constructs/webhook-workers.ts';
import { type RegionProps, stackPropsOf } from './region-props.ts';

/**
 * Everything of one region: every region answers the whole API, completes what it hears of others, sweeps its own
 * items, and tells orders, partners and webhooks of what happened in it.
 */
export class RegionalStack extends Stack {
  readonly apiUrl: CfnOutput;

  constructor(scope: Construct, props: RegionProps) {
    super(scope, props.region, stackPropsOf(props, 'all else'));
    const { deployment } = props;
    const table = new InventoryTable(this, 'Table', { deployment });
    const readTable = new ReadTable(this, 'ReadTable', { deployment });
    const api = new HttpApi(this, 'Api', { deployment, table, readTable });
    const bus = new ServiceEventBus(this, 'EventBus', { deployment });
    const log = new AnalyticsLog(this, 'AnalyticsLog', { deployment });
    const { orders } = new OrderWorker(this, 'OrderWorker', { deployment, table });
    const { deliveries } = new WebhookWorkers(this, 'WebhookWorkers', { deployment, table, bus });
    new Sweep(this, 'Sweep', { deployment, table, orders, deliveries, bus, log });
    new ChangeStream(this, 'ChangeStream', { deployment, table, readTable, orders, bus, log });
    new ScheduledAudit(this, 'Audit', { deployment, table, readTable });
    const isFirst = props.region === deployment.regions[0];
    if (deployment.settings.protectData && isFirst) new BackupAlarm(this, 'Backup', { deployment });
    if (deployment.settings.keepsKeys && isFirst) {
      const keys = new ServiceKeys(this, 'ServiceKeys', { deployment, table });
      new CfnOutput(this, 'OperatorKeySecret', {
        value: keys.operatorKeyName,
        description: 'The secret with the key of an operator.',
      });
    }
    if (deployment.settings.canary) new Canary(this, 'Canary', { deployment, apiUrl: api.url });
    const { domain } = deployment.options;
    const name = regionalName(deployment);
    if (domain !== undefined && name !== undefined) {
      new ServiceDomain(this, 'Domain', { domain, name, api: api.api });
    }
    // Last: it looks at all that is there.
    new RegionalWatch(this, 'Watch', { deployment });

    this.apiUrl = new CfnOutput(this, 'ApiUrl', {
      value: api.url,
      description: 'Where this region answers requests.',
    });
    new CfnOutput(this, 'LogBucketName', {
      value: log.bucketName,
      description: 'Where the analytics log is.',
    });
  }
}
