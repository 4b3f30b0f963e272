import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ROTATION_DAYS, SECRET_HOLDERS, type SecretHolder, secretName } from '../config/secrets.ts';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import type { InventoryTable } from './inventory-table.ts';
import { ServiceFunction } from './service-function.ts';

/** What a turn of a secret does to it. */
const TURN_ACTIONS = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];

const DESCRIPTIONS: Record<SecretHolder, string> = {
  operator: 'The key of an operator: creates tenants, and takes regions out of service.',
  canary: 'The key with which the canaries of all regions call the API.',
};

export interface ServiceKeysProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
}

/**
 * Keys that must be there before anybody can ask the API for one. A secret is created with something that is no key;
 * its first turn, which follows at once, makes the key and has the service know it.
 */
export class ServiceKeys extends Construct {
  /** Where the first key of an operator is, for whoever has deployed. */
  readonly operatorKeyName: string;
  private readonly rotate: ServiceFunction;

  constructor(scope: Construct, id: string, { deployment, table }: ServiceKeysProps) {
    super(scope, id);
    this.rotate = new ServiceFunction(this, 'Rotate', { deployment, table, name: 'rotate' });
    this.rotate.invokable.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    });
    for (const holder of SECRET_HOLDERS) this.addSecret(holder, deployment);
    this.operatorKeyName = secretName(deployment.stage, 'operator');
    this.alarmOnFailure();
  }

  private addSecret(holder: SecretHolder, { stage, regions, settings }: Deployment): void {
    const others = regions.slice(1).map((region) => ({ region }));
    const secret = new Secret(this, holder, {
      secretName: secretName(stage, holder),
      description: DESCRIPTIONS[holder],
      removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // Each region's canary reads its own copy: a region that is out of reach must not blind the others.
      ...(holder === 'canary' && { replicaRegions: others }),
    });
    this.rotate.addToRolePolicy(
      new PolicyStatement({ actions: TURN_ACTIONS, resources: [secret.secretArn] }),
    );
    const schedule = new CfnRotationSchedule(this, `${holder}Rotation`, {
      secretId: secret.secretArn,
      rotationLambdaArn: this.rotate.invokable.functionArn,
      rotateImmediatelyOnUpdate: true,
      rotationRules: { automaticallyAfterDays: ROTATION_DAYS },
    });
    // The first turn begins when the schedule is there, and needs everything that the function may do.
    schedule.node.addDependency(this.rotate, this.rotate.invokable);
  }

  private alarmOnFailure(): void {
    new CustomerAlarm(this, 'Failing', {
      customerImpact: 'Nobody yet: the keys of operators and canaries are not replaced, or were never made.',
      runbookSection: 'keys-not-turned',
      metric: this.rotate.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      periods: 1,
    });
  }
}
