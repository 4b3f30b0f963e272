import { Duration } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { HTTP_METRICS } from '../config/metrics.ts';
import {
  AVAILABILITY,
  BAD_REQUESTS_MIN,
  BURN_PACES,
  BURN_TERMS,
  type BurnPace,
  burnRate,
  HOLD_LATENCY,
  HOLD_LATENCY_MS,
  type Objective,
} from '../config/objectives.ts';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { CustomerComposite } from './customer-composite.ts';
import { apiMetric } from './named-metrics.ts';
import { serviceMetric } from './service-metric.ts';

/** What a customer suffers while a budget burns, by how fast. */
const IMPACTS: { readonly [Name in Objective['name']]: Record<BurnPace['name'], string> } = {
  availability: {
    fast: 'So many requests fail that the budget of the month is gone in two days: checkouts break off.',
    medium:
      'So many requests fail that the budget of the month is gone in five days: some checkouts break off.',
    slow: 'More requests fail, day after day, than are promised: now and then a checkout breaks off.',
  },
  'hold-latency': {
    fast: 'One hold in seven or more takes longer than 100 ms: shoppers wait when they put goods into the cart.',
    medium: 'One hold in seventeen or more takes longer than 100 ms: some shoppers wait for their cart.',
    slow: 'More holds than promised take longer than 100 ms, day after day: now and then a shopper waits.',
  },
};

export interface ServiceObjectivesProps {
  readonly deployment: Deployment;
}

/** What is promised to customers of a region, and alarms that hear it when more goes wrong than the promise allows. */
export class ServiceObjectives extends Construct {
  private readonly deployment: Deployment;

  constructor(scope: Construct, id: string, { deployment }: ServiceObjectivesProps) {
    super(scope, id);
    this.deployment = deployment;
    for (const objective of [AVAILABILITY, HOLD_LATENCY]) {
      for (const pace of BURN_PACES) this.alarmOnBurn(objective, pace);
    }
  }

  private alarmOnBurn(objective: Objective, pace: BurnPace): void {
    const meaning = {
      customerImpact: IMPACTS[objective.name][pace.name],
      runbookSection: `slo-${objective.name}-${pace.name}`,
    };
    const alarmOn = (window: 'Long' | 'Short', minutes: number, badMin: number) =>
      new CustomerAlarm(this, `${objective.name}-${pace.name}-${window}`, {
        ...meaning,
        metric: this.burnOf(objective, minutes, badMin),
        threshold: pace.rate,
        periods: 1,
        quiet: true,
      });
    const long = alarmOn('Long', pace.longMinutes, BAD_REQUESTS_MIN);
    const short = alarmOn('Short', pace.shortMinutes, 1);
    new CustomerComposite(this, `${objective.name}-${pace.name}`, {
      ...meaning,
      rule: AlarmRule.allOf(
        AlarmRule.fromAlarm(long, AlarmState.ALARM),
        AlarmRule.fromAlarm(short, AlarmState.ALARM),
      ),
    });
  }

  private burnOf(objective: Objective, minutes: number, badMin: number): MathExpression {
    const period = Duration.minutes(minutes);
    return new MathExpression({
      label: `Times as fast as the budget allows, ${objective.name}, ${period.toHumanString()}`,
      expression: burnRate(objective, BURN_TERMS[objective.name], badMin),
      usingMetrics: this.metricsOf(objective, period),
      period,
    });
  }

  private metricsOf({ name }: Objective, period: Duration): Record<string, IMetric> {
    if (name === 'availability') {
      return {
        faults: apiMetric(this.deployment, '5XXError', { statistic: Stats.SUM, period }),
        requests: apiMetric(this.deployment, 'Count', { statistic: Stats.SAMPLE_COUNT, period }),
      };
    }
    const latency = (statistic: string) =>
      serviceMetric(HTTP_METRICS.latency, 'reserve', { statistic, period });
    return {
      within: latency(Stats.percentileRank(HOLD_LATENCY_MS)),
      holds: latency(Stats.SAMPLE_COUNT),
    };
  }
}
