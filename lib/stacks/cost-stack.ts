import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CostBudgets, type CostBudgetsProps } from '../constructs/cost-budgets.ts';
import { stackPropsOf } from './region-props.ts';

/** What the whole stage may cost, in the first region: budgets are of the account, not of a region. */
export class CostStack extends Stack {
  constructor(scope: Construct, props: CostBudgetsProps) {
    const { deployment } = props;
    super(scope, 'costs', stackPropsOf({ region: deployment.regions[0], deployment }, 'its budgets'));
    new CostBudgets(this, 'Budgets', props);
  }
}
