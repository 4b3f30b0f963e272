import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuditMetrics } from '../../lambdas/audit/audit-metrics.ts';
import { createCanaryMetrics } from '../../lambdas/canary/canary-metrics.ts';
import { createChangeMetrics, createSweepMetrics } from '../../lambdas/observability/background-metrics.ts';
import { createMetrics, createQueueMetrics } from '../../lambdas/observability/metrics.ts';
import { METRICS_NAMESPACE } from '../../lib/config/metrics.ts';
import { ROUTES } from '../../lib/config/routes.ts';
import {
  onlyResource,
  resourcesOf,
  type SynthesizedStack,
  synthesize,
  synthesizeTable,
  written,
} from './synthesis.ts';

const REGIONS = ['us-east-1', 'eu-west-1'];
const CONTEXT = { stage: 'prod', regions: REGIONS.join(',') };

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: {
      readonly horizontal?: readonly { readonly label: string; readonly value: number }[];
    };
    readonly alarms?: readonly string[];
    readonly markdown?: string;
  };
}

/** A line of a graph as the dashboard names it: namespace, name, then dimensions, then how it is drawn. */
interface Line {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly region: string | undefined;
}

function lineOf(parts: readonly unknown[]): Line[] {
  const [namespace, name, ...rest] = parts;
  if (typeof namespace !== 'string' || typeof name !== 'string') return [];
  const options = (typeof rest.at(-1) === 'object' ? rest.at(-1) : {}) as { region?: string };
  const words = rest.filter((word): word is string => typeof word === 'string');
  const dimensions = Object.fromEntries(
    words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
  );
  return [{ namespace, name, dimensions, region: options.region }];
}

const widgetsOf = (stack: SynthesizedStack): Widget[] => {
  const dashboard = onlyResource<{ DashboardBody: unknown }>(stack, 'AWS::CloudWatch::Dashboard');
  return JSON.parse(written(dashboard.properties.DashboardBody)).widgets;
};

const linesOf = (widgets: readonly Widget[]): Line[] =>
  widgets.flatMap(({ properties }) => (properties.metrics ?? []).flatMap(lineOf));

const [regional] = synthesize(CONTEXT) as [SynthesizedStack];
const global = synthesizeTable(CONTEXT);
const dashboards = [
  { name: 'of a region', stack: regional, widgets: widgetsOf(regional) },
  { name: 'of all regions', stack: global, widgets: widgetsOf(global) },
] as const;

/** What the functions write, each by running what writes it. */
const writtenMetrics = new Set<string>();

function runWriters(): void {
  const http = { status: 200, durationMs: 1 };
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    const operationId = name === 'reserve' ? 'reserveStock' : 'other';
    createMetrics(name).record({ ...http, operationId });
  }
  const trade = { holdsGranted: 0, unitsHeld: 0, holdsConfirmed: 0, unitsConfirmed: 0 };
  const changes = { records: 0, failed: 0, parked: 0, sent: 0, kept: 0, oldestAgeMs: 0, newestAgeMs: 0 };
  createChangeMetrics('complete').record({ ...changes, trade, quotaSpreadPercent: 0 });
  createSweepMetrics('sweep').record({ expired: 0, sent: 0, stuck: 0, expiryLagMs: 0 });
  createAuditMetrics('audit').record({ checked: 0, drifts: 0, skipped: 0 });
  createCanaryMetrics('canary').record({ outcome: 'succeeded', latencyMs: 0 });
  for (const name of ['orders', 'notify', 'deliver']) {
    createQueueMetrics(name).record({ messages: 0, failures: 0, oldestAgeMs: 0 });
  }
}

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    const {
      service,
      _aws: { CloudWatchMetrics },
    } = JSON.parse(String(chunk));
    for (const { Metrics } of CloudWatchMetrics) {
      for (const { Name } of Metrics) writtenMetrics.add(`${service} ${Name}`);
    }
    return true;
  });
  runWriters();
  vi.restoreAllMocks();
});
afterAll(() => vi.restoreAllMocks());

/** Metrics that AWS writes, by what they are about. */
const OF_AWS: Readonly<Record<string, readonly string[]>> = {
  'AWS/ApiGateway': ['4XXError', '5XXError', 'Count', 'Latency'],
  'AWS/DynamoDB': [
    'ConsumedReadCapacityUnits',
    'ConsumedWriteCapacityUnits',
    'ReadThrottleEvents',
    'ReplicationLatency',
    'TransactionConflict',
    'WriteThrottleEvents',
  ],
  'AWS/Lambda': ['ClaimedAccountConcurrency', 'Duration', 'Errors', 'IteratorAge', 'Throttles'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
};

describe.each(dashboards)('the dashboard $name', ({ widgets, stack }) => {
  const graphs = widgets.filter(({ type }) => type === 'metric');
  const lines = linesOf(widgets);

  it('shows what somebody writes, and nothing else', () => {
    expect(lines.length).toBeGreaterThan(20);
    const ours = lines.filter(({ namespace }) => namespace === METRICS_NAMESPACE);
    const shown = ours.map(({ name, dimensions }) => `${dimensions['service']} ${name}`);
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter((metric) => !writtenMetrics.has(metric))).toEqual([]);
    const others = lines.filter(({ namespace }) => namespace !== METRICS_NAMESPACE);
    expect(others.filter(({ namespace, name }) => !OF_AWS[namespace]?.includes(name))).toEqual([]);
  });

  it('names only functions, queues and a gateway that are there', () => {
    const names = (type: string, property: string) =>
      resourcesOf<Record<string, unknown>>(regional, type).map(({ properties }) => properties[property]);
    const known: Readonly<Record<string, readonly unknown[]>> = {
      ApiName: names('AWS::ApiGateway::RestApi', 'Name'),
      FunctionName: resourcesOf(regional, 'AWS::Lambda::Function').map(({ id }) => `<${id}>`),
      QueueName: names('AWS::SQS::Queue', 'QueueName'),
      ReceivingRegion: REGIONS,
      Stage: ['live'],
      TableName: ['holdfast-prod'],
    };
    for (const { namespace, dimensions } of lines) {
      if (namespace === METRICS_NAMESPACE) continue;
      for (const [dimension, value] of Object.entries(dimensions)) expect(known[dimension]).toContain(value);
    }
  });

  it('says in its titles what is seen, each once, and in which region each graph is', () => {
    const titles = graphs.map(({ properties }) => properties.title ?? '');
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^[A-Z].{15,}/);
    for (const { properties } of graphs) expect(properties.region).toMatch(/^(us-east-1|<AWS::Region>)$/);
  });

  it('refers to nothing of another stack', () => {
    expect(JSON.stringify(stack.template)).not.toContain('Fn::ImportValue');
  });
});

describe('the dashboard of a region', () => {
  const [{ widgets }] = dashboards;

  it('begins with the alarms, all of those that tell somebody, and whether shoppers suffer', () => {
    expect(widgets.slice(0, 4).map(({ type }) => type)).toEqual(['text', 'alarm', 'text', 'metric']);
    expect(widgets[2]?.properties.markdown).toContain('Do shoppers suffer?');
    const alarms = resourcesOf(regional, 'AWS::CloudWatch::Alarm').length;
    const composites = resourcesOf(regional, 'AWS::CloudWatch::CompositeAlarm').length;
    expect(widgets[1]?.properties.alarms).toHaveLength(alarms + composites - 12);
  });

  it('draws where alarms go on', () => {
    const limits = widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? []);
    const drawn = Object.fromEntries(limits.map(({ label, value }) => [label, value]));
    expect(drawn).toMatchObject({
      'alarm: api-server-errors': 1,
      'alarm: api-slow': 2_000,
      'promised for 99 of 100': 100,
      'alarm: canary-failing': 1,
      'alarm: changes-late': 60_000,
      'alarm: concurrency-near-limit': 800,
      'alarm: expiry-late': 60_000,
      'alarm: queue-late-orders': 60,
      'alarm: replication-slow': 30_000,
      'alarm: stock-drift': 1,
      'alarm: table-throttled': 10,
    });
  });
});

it('the dashboard of all regions shows each of them, from where it is', () => {
  const [, { widgets }] = dashboards;
  for (const { title, metrics } of widgets.flatMap(({ properties }) =>
    properties.metrics ? [properties] : [],
  )) {
    const regions = new Set((metrics ?? []).flatMap(lineOf).map(({ region }) => region));
    expect([title, [...regions].toSorted()]).toEqual([title, REGIONS.toSorted()]);
  }
});
