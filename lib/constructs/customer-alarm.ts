import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Where the sections are that alarms link to: a path in this repository, wherever that is hosted. */
const RUNBOOK_URL = 'docs/runbook.md';

/** What an alarm tells whoever is woken by it. */
export interface AlarmMeaning {
  /** What goes wrong for a customer while this alarm is on, in one sentence. */
  readonly customerImpact: string;
  /** Anchor of the section of the runbook that says what to do. */
  readonly runbookSection: string;
}

/** Says in an alarm's description whom it hurts and what to do. */
export const alarmDescription = ({ customerImpact, runbookSection }: AlarmMeaning): string =>
  `${customerImpact} Runbook: ${RUNBOOK_URL}#${runbookSection}`;

export interface CustomerAlarmProps extends AlarmMeaning {
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default the alarm is on when the metric is at or above the threshold */
  readonly comparison?: ComparisonOperator;
  /** How many periods are looked at. */
  readonly periods: number;
  /**
   * How many of them must be bad.
   *
   * @default all of them
   */
  readonly badPeriods?: number;
  /**
   * Whether a period without data is a bad one.
   *
   * @default false: silence means that nothing happened
   */
  readonly silenceIsBad?: boolean;
  /**
   * Whether it tells nobody by itself, because a composite alarm listens to it.
   *
   * @default false
   */
  readonly quiet?: boolean;
}

/** An alarm that says whom it hurts and what to do: one that cannot is not worth waking somebody. */
export class CustomerAlarm extends Alarm {
  readonly runbookSection: string;
  readonly isQuiet: boolean;
  readonly threshold: number;

  constructor(scope: Construct, id: string, props: CustomerAlarmProps) {
    super(scope, id, {
      alarmDescription: alarmDescription(props),
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods,
      datapointsToAlarm: props.badPeriods ?? props.periods,
      treatMissingData: props.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.runbookSection = props.runbookSection;
    this.isQuiet = props.quiet ?? false;
    this.threshold = props.threshold;
  }
}
