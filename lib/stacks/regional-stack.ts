import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { ChangeStream } from '../constructs/change-stream.ts';
import { HttpApi } from '../constructs/http-api.ts';
import { InventoryTable } from '../constructs/inventory-table.ts';
import { ReadTable } from '../constructs/read-table.ts';
import { Sweep } from '../constructs/sweep.ts';

export interface RegionalStackProps {
  /** One of the regions of the deployment. */
  readonly region: string;
  readonly deployment: Deployment;
}

/** Everything of one region: every region answers the whole API, completes what it hears of others
 * and sweeps its own items. */
export class RegionalStack extends Stack {
  constructor(scope: Construct, props: RegionalStackProps) {
    const { region, deployment } = props;
    super(scope, region, {
      description: `Holdfast, inventory reservations: stage ${deployment.stage} in ${region}`,
      env: deployment.account === undefined ? { region } : { region, account: deployment.account },
      terminationProtection: deployment.settings.protectData,
      tags: { service: 'holdfast', stage: deployment.stage },
    });

    const table = new InventoryTable(this, 'Table', { deployment });
    const readTable = new ReadTable(this, 'ReadTable', { deployment });
    const api = new HttpApi(this, 'Api', { deployment, table, readTable });
    new Sweep(this, 'Sweep', { deployment, table });
    new ChangeStream(this, 'ChangeStream', { deployment, table, readTable });

    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Where this region answers requests.' });
    new CfnOutput(this, 'TableName', { value: table.name, description: 'The same in every region.' });
  }
}
