import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GlobalDashboard } from '../constructs/global-dashboard.ts';
import { GlobalTable } from '../constructs/global-table.ts';
import { type RegionProps, stackPropsOf } from './region-props.ts';

/**
 * The global table with all its replicas, in the first region. It is a stack of its own, so that a region is added or
 * removed by a deployment of this one stack, and so that no failure of anything else rolls the table back.
 */
export class TableStack extends Stack {
  constructor(scope: Construct, props: RegionProps) {
    super(scope, 'table', stackPropsOf(props, 'the global table'));
    new GlobalTable(this, 'Table', props);
    new GlobalDashboard(this, 'Dashboard', props);
    new CfnOutput(this, 'TableName', {
      value: props.deployment.tableName,
      description: 'The same in every region.',
    });
  }
}
