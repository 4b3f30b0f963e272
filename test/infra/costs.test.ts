import { expect, it } from 'vitest';
import { parseDeployment } from '../../lib/config/stages.ts';
import { resourcesOf, synthesizeAll } from './synthesis.ts';

const context = { stage: 'prod', regions: 'us-east-1,eu-west-1', alarmEmail: 'oncall@example.com' };

interface BudgetProperties {
  readonly Budget: { readonly TimeUnit: string; readonly BudgetLimit: { readonly Amount: number } };
  readonly NotificationsWithSubscribers: readonly {
    readonly Notification: { readonly NotificationType: string; readonly Threshold: number };
    readonly Subscribers: readonly { readonly Address: string }[];
  }[];
}

it('with -c monthlyBudgetUsd=300 the costs of the stage are watched once, by month and by day', () => {
  const stacks = synthesizeAll({ ...context, monthlyBudgetUsd: '300' });
  const budgets = stacks.flatMap((stack) => resourcesOf<BudgetProperties>(stack, 'AWS::Budgets::Budget'));
  const told = budgets.map(({ properties: { Budget, NotificationsWithSubscribers: notices } }) => [
    Budget.TimeUnit,
    Budget.BudgetLimit.Amount,
    notices.map(({ Notification: { NotificationType, Threshold } }) => `${NotificationType} ${Threshold}`),
  ]);
  expect(told).toEqual([
    ['MONTHLY', 300, ['ACTUAL 80', 'ACTUAL 100', 'FORECASTED 100']],
    ['DAILY', 30, ['ACTUAL 100']],
  ]);
  for (const { properties } of budgets) {
    expect(properties.Budget).toMatchObject({
      FilterExpression: {
        And: [
          { Tags: { Key: 'service', Values: ['holdfast'] } },
          { Tags: { Key: 'stage', Values: ['prod'] } },
        ],
      },
    });
    const addresses = properties.NotificationsWithSubscribers.flatMap(({ Subscribers }) => Subscribers);
    expect(new Set(addresses.map(({ Address }) => Address))).toEqual(new Set(['oncall@example.com']));
  }
});

it('without it there is no budget', () => {
  expect(synthesizeAll(context).map(({ id }) => id)).not.toContain('costs');
});

it('a budget that nobody would hear of is refused', () => {
  expect(() => parseDeployment({ monthlyBudgetUsd: '300' }, {})).toThrow('needs -c alarmEmail');
});
