import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { apiMetric } from './named-metrics.ts';

const ID = 'GradualRelease';

const RUNBOOK_SECTION = 'new-version-failing';

/** An alarm that goes off later than this would go off when everybody has the new version. */
const PERIOD = Duration.minutes(1);

/** Twice the limit of the alarm that wakes somebody: a cold start of each new instance is part of any release. */
const SLOW = Duration.seconds(4);

/**
 * How the HTTP functions of a region get a new version: a tenth of the requests for five minutes, then all; and back to
 * the version before when an alarm goes off. There is one for each stack.
 */
export class GradualRelease extends Construct {
  private readonly application: LambdaApplication;
  private readonly role: Role;
  /** Of metrics by their names: the gateway calls the aliases, so an alias that waits for the gateway would be a circle. */
  private readonly gatewayAlarms: readonly CustomerAlarm[];

  private constructor(stack: Stack, stage: string) {
    super(stack, ID);
    this.application = new LambdaApplication(this, 'Application');
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    this.gatewayAlarms = [this.alarmOnServerErrors(stage), this.alarmOnLatency(stage)];
    acknowledge(this, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]':
        'The policy that AWS keeps for exactly this: it moves aliases and reads alarms.',
    });
  }

  /** The one of a construct's stack. */
  static of(scope: Construct, stage: string): GradualRelease {
    const stack = Stack.of(scope);
    const found = stack.node.tryFindChild(ID) as GradualRelease | undefined;
    return found ?? new GradualRelease(stack, stage);
  }

  /** Has an alias follow new versions step by step. */
  add(alias: Alias): void {
    new LambdaDeploymentGroup(alias, 'Release', {
      application: this.application,
      role: this.role,
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [this.alarmOnNewVersion(alias), ...this.gatewayAlarms],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }

  /** Of the version that the alias gets, not of the alias: nine requests in ten would hide what the tenth suffers. */
  private alarmOnNewVersion(alias: Alias): CustomerAlarm {
    const { functionName } = alias.lambda;
    return new CustomerAlarm(alias, 'NewVersionFailing', {
      customerImpact: 'Some requests break off, in a version that was just released: it is taken back.',
      runbookSection: RUNBOOK_SECTION,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: {
          FunctionName: functionName,
          Resource: `${functionName}:${alias.aliasName}`,
          ExecutedVersion: alias.version.version,
        },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
      threshold: 1,
      periods: 1,
    });
  }

  /** The functions answer 500 by themselves where they can, which Lambda counts as success: the gateway sees it. */
  private alarmOnServerErrors(stage: string): CustomerAlarm {
    return new CustomerAlarm(this, 'ServerErrors', {
      customerImpact: 'One request in a hundred fails: a version that is being released now is taken back.',
      runbookSection: RUNBOOK_SECTION,
      metric: apiMetric({ stage }, '5XXError', { statistic: Stats.AVERAGE, period: PERIOD }),
      threshold: 0.01,
      periods: 2,
    });
  }

  private alarmOnLatency(stage: string): CustomerAlarm {
    return new CustomerAlarm(this, 'Slow', {
      customerImpact:
        'Requests take four seconds and more: a version that is being released now is taken back.',
      runbookSection: RUNBOOK_SECTION,
      metric: apiMetric({ stage }, 'Latency', { statistic: Stats.percentile(99), period: PERIOD }),
      threshold: SLOW.toMilliseconds(),
      periods: 3,
    });
  }
}
