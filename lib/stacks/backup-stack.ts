import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TableBackup } from '../constructs/table-backup.ts';
import { type RegionProps, stackPropsOf } from './region-props.ts';

/** The vault of a region; in the first, the plan that fills it. It knows the table by its name, and outlives all else. */
export class BackupStack extends Stack {
  constructor(scope: Construct, props: RegionProps) {
    super(scope, `backups-${props.region}`, stackPropsOf(props, 'backups of the table'));
    new TableBackup(this, 'Backup', props);
  }
}
