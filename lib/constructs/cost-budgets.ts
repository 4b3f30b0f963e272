import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';

/** A day that costs so many times its share of the month is no ordinary day. */
const BAD_DAY = 3;
const DAYS = 30;

interface Notice {
  readonly notificationType: 'ACTUAL' | 'FORECASTED';
  readonly threshold: number;
}

const MONTHLY_NOTICES: readonly Notice[] = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
];

export interface CostBudgetsProps {
  readonly deployment: Deployment;
  readonly monthlyUsd: number;
  /** Who hears of it. */
  readonly email: string;
}

/**
 * What the stage may cost in all its regions, found by its tags. The budget of a day is the alarm: it tells of a runaway
 * cost a day later, where the month's would take weeks. Both work in any account, which alarms on billing do not.
 */
export class CostBudgets extends Construct {
  private readonly props: CostBudgetsProps;

  constructor(scope: Construct, id: string, props: CostBudgetsProps) {
    super(scope, id);
    this.props = props;
    this.addBudget('MONTHLY', props.monthlyUsd, MONTHLY_NOTICES);
    // Budgets of a day have no forecast.
    this.addBudget('DAILY', Math.max(1, Math.ceil((props.monthlyUsd * BAD_DAY) / DAYS)), [
      { notificationType: 'ACTUAL', threshold: 100 },
    ]);
  }

  private addBudget(timeUnit: 'MONTHLY' | 'DAILY', usd: number, notices: readonly Notice[]): void {
    const { deployment, email } = this.props;
    const tagged = (key: string, value: string) => ({ tags: { key, values: [value] } });
    new CfnBudget(this, timeUnit === 'MONTHLY' ? 'Month' : 'Day', {
      budget: {
        budgetName: `holdfast-${deployment.stage}-${timeUnit.toLowerCase()}`,
        budgetType: 'COST',
        timeUnit,
        budgetLimit: { amount: usd, unit: 'USD' },
        metrics: ['UnblendedCost'],
        filterExpression: { and: [tagged('service', 'holdfast'), tagged('stage', deployment.stage)] },
      },
      notificationsWithSubscribers: notices.map((notice) => ({
        notification: { ...notice, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers: [{ subscriptionType: 'EMAIL', address: email }],
      })),
    });
  }
}
