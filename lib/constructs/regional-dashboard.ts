import { Stack } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, type IAlarm, PeriodOverride } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardName } from '../config/dashboards.ts';
import type { Deployment } from '../config/stages.ts';
import { businessGraphs } from './business-graphs.ts';
import type { CustomerAlarm } from './customer-alarm.ts';
import { heading, row } from './dashboard-rows.ts';
import { functionGraphs, sufferingGraphs, tableGraphs, trafficGraphs } from './regional-graphs.ts';
import type { ServiceFunction } from './service-function.ts';
import { soundnessGraphs, spineGraphs } from './spine-graphs.ts';

export interface RegionalDashboardProps {
  readonly deployment: Deployment;
  readonly functions: readonly ServiceFunction[];
  /** Alarms of metrics, whose thresholds are drawn. */
  readonly alarms: readonly CustomerAlarm[];
  /** Alarms that tell somebody, shown by their states; what matters most comes first. */
  readonly states: readonly IAlarm[];
}

/** How a region does, for somebody who was woken: read from the top, it ends where the cause is found. */
export class RegionalDashboard extends Construct {
  constructor(scope: Construct, id: string, props: RegionalDashboardProps) {
    super(scope, id);
    const { deployment, alarms, states } = props;
    const stack = Stack.of(this);
    const limitsOf = (...sections: readonly string[]) => limitsIn(alarms, sections);
    const graphs = { ...props, limitsOf };
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(deployment.stage, stack.region),
      periodOverride: PeriodOverride.INHERIT,
    });
    const title = `# Holdfast ${deployment.stage}, ${stack.region}\n`;
    dashboard.addWidgets(
      ...heading(`${title}Read from the top. What an alarm means and what to do is in docs/runbook.md.`),
    );
    dashboard.addWidgets(
      new AlarmStatusWidget({
        title: 'Alarms, those that are on first',
        alarms: [...states],
        width: 24,
        height: 5,
      }),
    );
    const sections: readonly (readonly [string, ReturnType<typeof row>])[] = [
      [
        '## Do shoppers suffer?\nIf all of this row is well, nobody does at this moment.',
        row(...sufferingGraphs(graphs)),
      ],
      ['## Is it the traffic?\nMore of it than ever, or none?', row(...trafficGraphs(graphs))],
      [
        '## What is sold?\nWithout the canary. Zero at noon is an incident.',
        row(...businessGraphs([{ prefix: '' }])),
      ],
      ['## Which function?', row(...functionGraphs(graphs))],
      ['## Is it the table?', row(...tableGraphs(graphs))],
      ['## What comes late?\nOrders, events and webhooks, behind the stream.', row(...spineGraphs(graphs))],
      ['## Are the books sound?', row(...soundnessGraphs({ ...graphs, stack }))],
    ];
    for (const [text, widgets] of sections) {
      dashboard.addWidgets(...heading(text));
      dashboard.addWidgets(...widgets);
    }
  }
}

/** Where the alarms of some sections go on; alarms of several regions or queues that agree are one line. */
function limitsIn(alarms: readonly CustomerAlarm[], sections: readonly string[]) {
  const found = alarms.filter(({ runbookSection }) => sections.includes(runbookSection));
  const byValue = new Map(found.map(({ threshold, runbookSection }) => [threshold, runbookSection]));
  return [...byValue].map(([value, section]) => ({ value, label: `alarm: ${section}` }));
}
