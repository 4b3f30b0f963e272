import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALARMING_METRICS, METRICS_NAMESPACE } from '../../lib/config/metrics.ts';
import { type Resource, resourcesOf, type SynthesizedStack, synthesize } from './synthesis.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Dimensions?: unknown;
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly TreatMissingData: string;
}

const [stack] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1', gradual: 'on' }) as [
  SynthesizedStack,
];
const alarms = resourcesOf<AlarmProperties>(stack, 'AWS::CloudWatch::Alarm');

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

  it('hear it when the sweep or the audit falls silent', () => {
    const onSilence = alarms.filter(({ properties }) => properties.TreatMissingData === 'breaching');
    expect(onSilence.map(anchorOf).toSorted()).toEqual(['audit-not-running', 'sweep-not-running']);
  });

  it('watch what functions count by the names that they count it by, one function each', () => {
    const counted = alarms
      .map(({ properties }) => properties)
      .filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    const watched = counted.map(({ MetricName, Dimensions }) => [MetricName, Dimensions]);
    const of = (service: string) => [{ Name: 'service', Value: service }];
    expect(Object.fromEntries(watched)).toEqual({
      [ALARMING_METRICS.changesParked]: of('complete'),
      [ALARMING_METRICS.messagesKept]: of('complete'),
      [ALARMING_METRICS.messagesStuck]: of('sweep'),
      [ALARMING_METRICS.stockDrift]: of('audit'),
    });
  });
});
