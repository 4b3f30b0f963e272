import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  AUDIT_METRICS,
  CANARY_METRICS,
  CHANGE_METRICS,
  METRICS_NAMESPACE,
  SWEEP_METRICS,
} from '../../lib/config/metrics.ts';
import { compute } from '../support/metric-math.ts';
import { type Resource, resourcesOf, type SynthesizedStack, synthesize, written } from './synthesis.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Dimensions?: unknown;
  readonly Metrics?: readonly { readonly Expression?: string }[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly TreatMissingData: string;
}

const [stack] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1', gradual: 'on' }) as [
  SynthesizedStack,
];
const alarms = ['Alarm', 'CompositeAlarm'].flatMap((type) =>
  resourcesOf<AlarmProperties>(stack, `AWS::CloudWatch::${type}`),
);

/** The sections of the runbook by their anchors: GitHub makes one of a heading in lower case, with hyphens. */
const sections = new Map(
  readFileSync('docs/runbook.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...body] = section.split('\n');
      return [heading.toLowerCase().replaceAll(' ', '-'), body.join('\n')];
    }),
);

/** What budgets tell of comes by mail, without a description of ours. */
const BUDGET_SECTIONS = ['costs'];

const anchorOf = ({ properties }: Resource<AlarmProperties>) =>
  / Runbook: docs\/runbook\.md#([a-z0-9-]+)$/.exec(properties.AlarmDescription)?.[1];

describe('alarms', () => {
  it.each(alarms.map((alarm) => [alarm.id, alarm] as const))(
    '%s says what a customer suffers and links a section of the runbook',
    (_, alarm) => {
      expect(alarm.properties.AlarmDescription).toMatch(/^[A-Z].{30,}\. Runbook: /);
      expect([...sections.keys()]).toContain(anchorOf(alarm));
    },
  );

  it('are those of the runbook: no section is left over', () => {
    expect(new Set([...alarms.map(anchorOf), ...BUDGET_SECTIONS])).toEqual(new Set(sections.keys()));
  });

  it.each([...sections])(
    'section %s says what it is, what a customer notices, and what to do',
    (_, section) => {
      const parts = [...section.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, part]) => part);
      expect(parts).toEqual(['Description.', 'For a customer.', 'Investigation.', 'Resolution.']);
    },
  );

  it('hear it when what should always be there falls silent', () => {
    const onSilence = alarms.filter(({ properties }) => properties.TreatMissingData === 'breaching');
    expect(onSilence.map(anchorOf).toSorted()).toEqual([
      'audit-not-running',
      'canary-not-running',
      'replication-stopped',
      'sweep-not-running',
    ]);
  });

  it('watch what functions count by the names that they count it by, one function each', () => {
    const counted = alarms
      .map(({ properties }) => properties)
      .filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    const watched = counted.map(({ MetricName, Dimensions }) => [MetricName, Dimensions]);
    const of = (service: string) => [{ Name: 'service', Value: service }];
    expect(Object.fromEntries(watched)).toEqual({
      [CHANGE_METRICS.parked]: of('complete'),
      [CHANGE_METRICS.kept]: of('complete'),
      [SWEEP_METRICS.stuck]: of('sweep'),
      [SWEEP_METRICS.expiryLag]: of('sweep'),
      [CANARY_METRICS.succeeded]: of('canary'),
      [AUDIT_METRICS.drift]: of('audit'),
    });
  });
});

describe('the alarm that a pager may listen to', () => {
  const composite = resourcesOf<AlarmProperties & { AlarmRule: unknown }>(
    stack,
    'AWS::CloudWatch::CompositeAlarm',
  ).find((alarm) => anchorOf(alarm) === 'customers-suffer-now');

  it('is on with whatever means that shoppers cannot check out now, and with nothing else', () => {
    const rule = written(composite?.properties.AlarmRule);
    const causes = alarms.filter(({ id }) => rule.includes(`"<${id}.Arn>"`));
    expect(causes.map(anchorOf).toSorted()).toEqual([
      'api-server-errors',
      'api-slow',
      'canary-failing',
      'functions-throttled',
      'hot-functions-failing',
      'slo-availability-fast',
      'slo-hold-latency-fast',
    ]);
    expect(rule).not.toContain('AND');
  });
});

describe('replication that stops', () => {
  const expression = alarms
    .filter((alarm) => anchorOf(alarm) === 'replication-stopped')
    .flatMap(({ properties }) => properties.Metrics?.flatMap(({ Expression }) => Expression ?? []) ?? []);

  it.each([
    ['goes on', { writes: 12, latency: 800 }, 0],
    ['has dropped to nought', { writes: 12, latency: 0 }, 1],
    ['is measured by nobody', { writes: 12, latency: undefined }, 1],
    ['has nothing to do', { writes: 0, latency: undefined }, 0],
  ])('is heard of when it %s', (_, values, bad) => {
    expect(expression).toHaveLength(1);
    expect(compute(expression[0] ?? '', values)).toBe(bad);
  });
});
