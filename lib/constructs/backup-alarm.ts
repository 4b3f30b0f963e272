import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { backupVaultName } from '../config/backups.ts';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';

export interface BackupAlarmProps {
  readonly deployment: Deployment;
}

/** Stands with the other alarms of the region, not with the vault, so that whoever hears of them hears of it. */
export class BackupAlarm extends CustomerAlarm {
  constructor(scope: Construct, id: string, { deployment }: BackupAlarmProps) {
    super(scope, id, {
      customerImpact:
        'Nobody yet: what is lost beyond the reach of point-in-time recovery could not be had back.',
      runbookSection: 'backup-failed',
      metric: new Metric({
        namespace: 'AWS/Backup',
        metricName: 'NumberOfBackupJobsFailed',
        dimensionsMap: { BackupVaultName: backupVaultName(deployment.stage) },
        statistic: Stats.SUM,
        period: Duration.hours(1),
      }),
      threshold: 1,
      periods: 1,
    });
  }
}
