import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { CANARY_SCHEDULE_MINUTES } from '../config/functions.ts';
import { CANARY_METRICS } from '../config/metrics.ts';
import { secretName as secretNameOf } from '../config/secrets.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import { serviceMetric } from './service-metric.ts';

/** Minutes looked at: a single bad one may be a deployment. */
const ALARM_MINUTES = 5;

export interface CanaryProps {
  readonly deployment: Deployment;
  /** Address of the first version of the region's API, as clients call it. */
  readonly apiUrl: string;
}

/** Does every minute, from outside, what shoppers do: so somebody notices at night, too, when it does not go. */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { deployment, apiUrl }: CanaryProps) {
    super(scope, id);
    const { function: canary } = new ScheduledFunction(this, 'Every', {
      deployment,
      name: 'canary',
      description: 'Starts the canary of this region.',
      every: Duration.minutes(CANARY_SCHEDULE_MINUTES),
    });
    const secretName = secretNameOf(deployment.stage, 'canary');
    canary.addEnvironment(ENVIRONMENT.canaryApiUrl, apiUrl);
    canary.addEnvironment(ENVIRONMENT.canarySecretName, secretName);
    // Six characters that Secrets Manager adds and nobody knows before: any more would let other secrets in.
    const secret = `${Stack.of(this).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName: secretName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })}-??????`;
    canary.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] }),
    );
    const { region } = Stack.of(this);
    acknowledge(canary.role ?? canary, {
      [`AwsSolutions-IAM5[Resource::arn:aws:secretsmanager:${region}:<AWS::AccountId>:secret:${secretName}-??????]`]:
        'It is one secret, whose last six characters Secrets Manager makes up.',
    });
    this.alarmOnFailure();
    this.alarmOnSilence();
  }

  private alarmOnFailure(): void {
    new CustomerAlarm(this, 'Failing', {
      customerImpact: 'A unit cannot be held and released through the public address of this region.',
      runbookSection: 'canary-failing',
      metric: serviceMetric(CANARY_METRICS.succeeded, 'canary', {
        statistic: Stats.MINIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: ALARM_MINUTES,
      badPeriods: 3,
    });
  }

  private alarmOnSilence(): void {
    new CustomerAlarm(this, 'NotRunning', {
      customerImpact: 'At night, with few shoppers, nobody would notice that this region takes no holds.',
      runbookSection: 'canary-not-running',
      metric: serviceMetric(CANARY_METRICS.succeeded, 'canary', {
        statistic: Stats.SAMPLE_COUNT,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: ALARM_MINUTES,
      silenceIsBad: true,
    });
  }
}
