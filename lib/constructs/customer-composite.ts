import { CompositeAlarm, type IAlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmMeaning, alarmDescription } from './customer-alarm.ts';

export interface CustomerCompositeProps extends AlarmMeaning {
  readonly rule: IAlarmRule;
}

/** An alarm that is made of others, and says as they do whom it hurts and what to do. */
export class CustomerComposite extends CompositeAlarm {
  readonly runbookSection: string;

  constructor(scope: Construct, id: string, { rule, ...meaning }: CustomerCompositeProps) {
    super(scope, id, { alarmRule: rule, alarmDescription: alarmDescription(meaning) });
    this.runbookSection = meaning.runbookSection;
  }
}
