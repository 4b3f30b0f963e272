import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BURN_PACES, budgetShare } from '../../lib/config/objectives.ts';
import { compute } from '../support/metric-math.ts';
import { resourcesOf, type SynthesizedStack, synthesize, written } from './synthesis.ts';

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period: number; readonly Stat: string };
}

interface AlarmProperties {
  readonly EvaluationPeriods: number;
  readonly Metrics?: readonly MetricQuery[];
  readonly Threshold: number;
}

const [stack] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1' }) as [SynthesizedStack];
const alarms = resourcesOf<AlarmProperties>(stack, 'AWS::CloudWatch::Alarm');
const composites = resourcesOf<{ AlarmRule: unknown; AlarmDescription: string }>(
  stack,
  'AWS::CloudWatch::CompositeAlarm',
);

/** The alarms of metric math that a composite alarm of a promise is made of. */
function windowsOf(section: string) {
  const composite = composites.find(({ properties }) => properties.AlarmDescription.endsWith(`#${section}`));
  const rule = written(composite?.properties.AlarmRule);
  const parts = alarms.filter(({ id }) => rule.includes(`"<${id}.Arn>"`));
  return { rule, parts };
}

const periodOf = ({ properties }: { properties: AlarmProperties }) =>
  properties.Metrics?.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? 0;

const SERIES = {
  availability: { faults: 72, requests: 10_000 },
  'hold-latency': { within: 99, holds: 10_000 },
} as const;
const RATES = { availability: 14.4, 'hold-latency': 1 } as const;

describe.each(['availability', 'hold-latency'] as const)('the promise of %s', (name) => {
  it.each(BURN_PACES)('has an alarm that is $name, of both windows', ({ name: pace, rate, ...windows }) => {
    const { rule, parts } = windowsOf(`slo-${name}-${pace}`);
    expect(rule).toMatch(/^\(ALARM\("[^"]+"\) AND ALARM\("[^"]+"\)\)$/);
    const seconds = [windows.longMinutes * 60, windows.shortMinutes * 60];
    expect(parts.map(periodOf).toSorted((a, b) => b - a)).toEqual(seconds);
    for (const { properties } of parts) {
      expect([properties.Threshold, properties.EvaluationPeriods]).toEqual([rate, 1]);
      // What PutMetricAlarm takes at most.
      expect(periodOf({ properties })).toBeLessThanOrEqual(7 * 86_400);
    }
  });

  it('says in its expressions what the arithmetic says', () => {
    const { parts } = windowsOf(`slo-${name}-fast`);
    expect(parts).toHaveLength(2);
    for (const { properties } of parts) {
      const [{ Expression = '' } = {}] = properties.Metrics?.filter((query) => query.Expression) ?? [];
      expect(compute(Expression, SERIES[name])).toBeCloseTo(RATES[name]);
    }
  });
});

it('holds by the percentage of those in time', () => {
  const stats = windowsOf('slo-hold-latency-fast').parts.flatMap(({ properties }) =>
    (properties.Metrics ?? []).flatMap(({ Id, MetricStat }) => (MetricStat ? [[Id, MetricStat.Stat]] : [])),
  );
  expect(Object.fromEntries(stats)).toEqual({ within: 'PR(:100)', holds: 'SampleCount' });
});

it('docs/slo.md has the same table', () => {
  const rows = readFileSync('docs/slo.md', 'utf8').matchAll(
    /^\| (fast|medium|slow) \| ([\d.]+) \| (\d+) (\w+) \| (\d+) (\w+) \| (\d+) % \|/gm,
  );
  const minutes = (count: string | undefined, unit: string | undefined) =>
    Number(count) * ({ m: 1, h: 60, d: 1_440 }[unit?.[0] ?? ''] ?? Number.NaN);
  const told = [...rows].map(([, name, rate, long, longUnit, short, shortUnit, share]) => ({
    name,
    rate: Number(rate),
    longMinutes: minutes(long, longUnit),
    shortMinutes: minutes(short, shortUnit),
    share: Number(share),
  }));
  expect(told).toEqual(BURN_PACES.map((pace) => ({ ...pace, share: Math.round(budgetShare(pace) * 100) })));
});
