import { Stack } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface AlarmTopicProps {
  /** Who gets a mail. AWS asks them first whether they want it. */
  readonly email: string;
  readonly stage: string;
}

/**
 * Tells people of alarms. Its key is one of our own, because CloudWatch cannot use the one that AWS keeps for SNS: what
 * it sends would be dropped without a word.
 */
export class AlarmTopic extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { email, stage }: AlarmTopicProps) {
    super(scope, id);
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    const ours = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const key = new Key(this, 'Key', {
      description: `Holdfast, stage ${stage}: encrypts what alarms of this region say.`,
      enableKeyRotation: true,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: ours,
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      displayName: `Holdfast ${stage}`,
      masterKey: key,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ours,
      }),
    );
    this.topic.addSubscription(new EmailSubscription(email));
    acknowledge(this, {
      'Serverless-SNSRedrivePolicy':
        'A mail that was lost is no use later: the alarm itself stays on, and tells when it is over.',
    });
  }

  /** Has alarms tell when they begin, and when it is over. */
  listenTo(alarms: readonly AlarmBase[]): void {
    const { topicArn } = this.topic;
    for (const alarm of alarms) {
      // Not by its bind: that would add a statement to the topic's policy for each alarm.
      alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
      alarm.addOkAction({ bind: () => ({ alarmActionArn: topicArn }) });
    }
  }
}
