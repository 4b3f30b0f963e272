import { Dashboard, type IMetric, PeriodOverride, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardName } from '../config/dashboards.ts';
import { AUDIT_METRICS, CANARY_METRICS, HTTP_METRICS, SWEEP_METRICS } from '../config/metrics.ts';
import { HOLD_LATENCY_MS } from '../config/objectives.ts';
import { QUEUES, type QueueName } from '../config/queues.ts';
import type { Deployment } from '../config/stages.ts';
import { businessGraphs } from './business-graphs.ts';
import { type GraphProps, heading, row } from './dashboard-rows.ts';
import { apiMetric, deadLetters, queueAge, replicationMetric, tableMetric } from './named-metrics.ts';
import { serviceMetric } from './service-metric.ts';

const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

export interface GlobalDashboardProps {
  readonly deployment: Deployment;
  /** Where the dashboard is kept. */
  readonly region: string;
}

/**
 * All regions side by side, to see which one it is. It knows everything by its name and refers to no stack: so it shows
 * regions that come and go, and keeps none of them from going.
 */
export class GlobalDashboard extends Construct {
  private readonly props: GlobalDashboardProps;

  constructor(scope: Construct, id: string, props: GlobalDashboardProps) {
    super(scope, id);
    this.props = props;
    const { stage, regions } = props.deployment;
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(stage),
      periodOverride: PeriodOverride.INHERIT,
    });
    const add = (text: string, graphs: readonly GraphProps[]) => {
      dashboard.addWidgets(...heading(text));
      dashboard.addWidgets(...row(...graphs.map((graph) => ({ region: props.region, ...graph }))));
    };
    const where = `Each region has a dashboard of its own, \`${dashboardName(stage, '<region>')}\`.`;
    add(`# Holdfast ${stage}, all regions\n${where}`, this.suffering());
    add(
      '## What is sold?\nA region that sells nothing while the others do is an incident.',
      businessGraphs(regions.map((region) => ({ region, prefix: `${region} ` }))),
    );
    add('## Do regions hear of each other, and is anything late or given up?', this.soundness());
  }

  private each(metricOf: (region: string) => IMetric): IMetric[] {
    return this.props.deployment.regions.map(metricOf);
  }

  private suffering(): GraphProps[] {
    const { deployment } = this.props;
    return [
      {
        title: 'Share of requests that failed (500 and above): 0.01 is one in a hundred',
        lines: this.each((region) =>
          apiMetric(deployment, '5XXError', { statistic: Stats.AVERAGE, region, label: region }),
        ),
      },
      {
        title: 'How long 99 of 100 requests take at most, in ms, at the gateway',
        lines: this.each((region) =>
          apiMetric(deployment, 'Latency', { statistic: Stats.percentile(99), region, label: region }),
        ),
      },
      {
        title: 'How long 99 of 100 holds take at most, in ms, in the function',
        lines: this.each((region) =>
          serviceMetric(HTTP_METRICS.latency, 'reserve', {
            statistic: Stats.percentile(99),
            region,
            label: region,
          }),
        ),
        limits: [{ value: HOLD_LATENCY_MS, label: 'promised' }],
      },
      {
        title: 'Canary: 1 could hold and release a unit, 0 could not',
        lines: this.each((region) =>
          serviceMetric(CANARY_METRICS.succeeded, 'canary', {
            statistic: Stats.MINIMUM,
            region,
            label: region,
          }),
        ),
        max: 1.2,
      },
    ];
  }

  private soundness(): GraphProps[] {
    const { deployment } = this.props;
    return [
      ...this.replication(),
      {
        title: 'Writes that met others at the same item',
        lines: this.each((region) =>
          tableMetric(deployment, 'TransactionConflict', { statistic: Stats.SUM, region, label: region }),
        ),
      },
      {
        title: 'How late expired holds gave their units back, in ms',
        lines: this.each((region) =>
          serviceMetric(SWEEP_METRICS.expiryLag, 'sweep', {
            statistic: Stats.MAXIMUM,
            region,
            label: region,
          }),
        ),
      },
      {
        title: 'The oldest order that waits, in seconds, and messages given up',
        lines: [
          ...this.each((region) =>
            queueAge(deployment, 'orders', { region, label: `${region} oldest order` }),
          ),
          ...QUEUE_NAMES.flatMap((name) =>
            this.each((region) => deadLetters(deployment, name, { region, label: `${region} ${name}` })),
          ),
        ],
      },
      {
        title: 'Products whose books do not agree (must be 0)',
        lines: this.each((region) =>
          serviceMetric(AUDIT_METRICS.drift, 'audit', { statistic: Stats.SUM, region, label: region }),
        ),
      },
    ];
  }

  private replication(): GraphProps[] {
    const { deployment } = this.props;
    const { regions } = deployment;
    const ways = regions.flatMap((from) =>
      regions.filter((to) => to !== from).map((to) => [from, to] as const),
    );
    if (ways.length === 0) return [];
    const replication: GraphProps = {
      title: 'How late a region hears of another one, in ms (0 or a gap: not at all)',
      lines: ways.map(([from, to]) =>
        replicationMetric(deployment, to, {
          statistic: Stats.AVERAGE,
          region: from,
          label: `${from} to ${to}`,
        }),
      ),
    };
    return [replication];
  }
}
