import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupVault,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { backupVaultName } from '../config/backups.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';

/** As long as point-in-time recovery goes back: a backup is for what that cannot do, and for when the table is gone. */
const DAILY_KEPT = Duration.days(35);
/** Books of a year, for whoever must show what stock there was. */
const MONTHLY_KEPT = Duration.days(365);
/** AWS keeps what has moved to cold storage for 90 days at least. */
const MONTHLY_COLD_AFTER = Duration.days(30);
/** Nobody, with whatever permission but that to unlock the vault, deletes a backup sooner. */
const LEAST_KEPT = Duration.days(7);

/** At night in most of the world's shops, and apart from the full hour, when everybody's jobs begin. */
const DAILY = Schedule.cron({ hour: '3', minute: '17' });
const MONTHLY = Schedule.cron({ day: '1', hour: '4', minute: '17' });

/** A job starts within the hour, and a large table takes some. */
const STARTED_WITHIN = Duration.hours(1);
const DONE_WITHIN = Duration.hours(12);

const WHY_AWS_POLICY = 'The policy that AWS made for exactly this service, which changes with what it needs.';

export interface TableBackupProps {
  readonly deployment: Deployment;
}

/**
 * Backups of the table, besides its point-in-time recovery: in a vault that the table's owner cannot empty by mistake.
 * Every region has a vault; the first fills its own, and a copy goes to that of the second. Replicas are no backups:
 * what is deleted by mistake is deleted in all of them.
 */
export class TableBackup extends Construct {
  constructor(scope: Construct, id: string, { deployment }: TableBackupProps) {
    super(scope, id);
    const vault = this.createVault(deployment);
    if (Stack.of(this).region !== deployment.regions[0]) return;
    this.plan(vault, deployment);
  }

  private createVault({ stage }: Deployment): BackupVault {
    const encryptionKey = new Key(this, 'Key', {
      description: `Holdfast, stage ${stage}: encrypts the backups of this region.`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    return new BackupVault(this, 'Vault', {
      backupVaultName: backupVaultName(stage),
      encryptionKey,
      lockConfiguration: { minRetention: LEAST_KEPT },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private plan(vault: BackupVault, { stage, regions, tableName }: Deployment): void {
    const copies = this.copiesIn(regions[1], stage);
    const rule = (ruleName: string, props: object) =>
      new BackupPlanRule({
        ruleName,
        startWindow: STARTED_WITHIN,
        completionWindow: DONE_WITHIN,
        backupVault: vault,
        ...props,
      });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: backupVaultName(stage),
      backupPlanRules: [
        rule('daily', { scheduleExpression: DAILY, deleteAfter: DAILY_KEPT, ...copies(DAILY_KEPT) }),
        rule('monthly', {
          scheduleExpression: MONTHLY,
          deleteAfter: MONTHLY_KEPT,
          moveToColdStorageAfter: MONTHLY_COLD_AFTER,
        }),
      ],
    });
    const table = Stack.of(this).formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: tableName,
    });
    plan.addSelection('Table', { resources: [BackupResource.fromArn(table)], role: this.createRole() });
  }

  private copiesIn(region: string | undefined, stage: string) {
    if (region === undefined) return () => ({});
    const arn = Stack.of(this).formatArn({
      service: 'backup',
      region,
      resource: 'backup-vault',
      resourceName: backupVaultName(stage),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const destinationBackupVault: IBackupVault = BackupVault.fromBackupVaultArn(this, 'CopyVault', arn);
    return (deleteAfter: Duration) => ({ copyActions: [{ destinationBackupVault, deleteAfter }] });
  }

  private createRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup'),
      ],
    });
    const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';
    acknowledge(role, { [`AwsSolutions-IAM4[Policy::${policy}]`]: WHY_AWS_POLICY });
    return role;
  }
}
