import { Stack } from 'aws-cdk-lib';
import { AlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { CustomerComposite } from './customer-composite.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { RegionalDashboard } from './regional-dashboard.ts';
import { ReplicationAlarms } from './replication-alarms.ts';
import { ServiceFunction } from './service-function.ts';
import { ServiceObjectives } from './service-objectives.ts';

/** Sections of the runbook whose alarms mean that customers suffer at this moment, and not only soon, or a few. */
const CUSTOMERS_SUFFER_FROM: readonly string[] = [
  'api-server-errors',
  'api-slow',
  'hot-functions-failing',
  'functions-throttled',
  'canary-failing',
  'slo-availability-fast',
  'slo-hold-latency-fast',
];

type Telling = CustomerAlarm | CustomerComposite;

export interface RegionalWatchProps {
  readonly deployment: Deployment;
}

/**
 * Watches all that the stack of a region has by then: it comes last. What only one capability knows, such as a queue's
 * alarm, stands with it; here is what concerns several, and who is told.
 */
export class RegionalWatch extends Construct {
  constructor(scope: Construct, id: string, { deployment }: RegionalWatchProps) {
    super(scope, id);
    const functions = this.existing(ServiceFunction);
    new FunctionAlarms(this, 'Functions', { functions });
    new ReplicationAlarms(this, 'Replication', { deployment });
    new ServiceObjectives(this, 'Objectives', { deployment });
    this.alarmWhenCustomersSuffer();
    const telling = this.telling();
    new RegionalDashboard(this, 'Dashboard', {
      deployment,
      functions,
      alarms: this.existing(CustomerAlarm),
      // Composites first: they say most.
      states: telling.toReversed(),
    });
    const { alarmEmail: email } = deployment.options;
    if (email === undefined) return;
    new AlarmTopic(this, 'Topic', { email, stage: deployment.stage }).listenTo(telling);
  }

  private existing<Kind extends Construct>(kind: abstract new (...args: never[]) => Kind): Kind[] {
    return Stack.of(this)
      .node.findAll()
      .filter((construct): construct is Kind => construct instanceof kind);
  }

  private telling(): Telling[] {
    const alarms = this.existing(CustomerAlarm).filter(({ isQuiet }) => !isQuiet);
    return [...alarms, ...this.existing(CustomerComposite)];
  }

  /** The one alarm of a region that a pager may listen to. */
  private alarmWhenCustomersSuffer(): void {
    const causes = this.telling().filter(({ runbookSection }) =>
      CUSTOMERS_SUFFER_FROM.includes(runbookSection),
    );
    new CustomerComposite(this, 'CustomersSuffer', {
      customerImpact: 'Shoppers of this region cannot check out, or wait long for it, at this moment.',
      runbookSection: 'customers-suffer-now',
      rule: AlarmRule.anyOf(...causes),
    });
  }
}
