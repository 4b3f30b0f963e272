/** What costs by the month is counted in `lib/cost/deployed.ts`: as many as the templates have. */
import { describe, expect, it } from 'vitest';
import { BATCHES_PER_SHARD } from '../../lib/cost/capacity/spine-limits.ts';
import { FIRST_REGION, PER_REGION } from '../../lib/cost/deployed.ts';
import { resourcesOf, type SynthesizedStack, synthesizeAll } from './synthesis.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
const stacks = synthesizeAll({ stage: 'prod', regions: REGIONS.join(',') });
const inRegion = (region: string): readonly SynthesizedStack[] =>
  stacks.filter((stack) => stack.region === region);
const count = (region: string, type: string): number =>
  inRegion(region).reduce((sum, stack) => sum + resourcesOf(stack, type).length, 0);

interface Watching {
  readonly Metrics?: readonly { readonly MetricStat?: unknown }[];
}

interface Replicated {
  readonly ReplicaRegions?: readonly { readonly Region: string }[];
}
/** Secrets of the first region, and their copies elsewhere. */
function secretsIn(region: string): number {
  const all = stacks.flatMap((stack) => resourcesOf<Replicated>(stack, 'AWS::SecretsManager::Secret'));
  const copies = all.filter(({ properties }) =>
    properties.ReplicaRegions?.some(({ Region }) => Region === region),
  );
  return count(region, 'AWS::SecretsManager::Secret') + copies.length;
}

describe.each(REGIONS)('in %s the cost model counts as many as there are', (region) => {
  const first = region === REGIONS[0];

  it('dashboards', () => {
    const dashboards = PER_REGION.dashboards + (first ? FIRST_REGION.dashboards : 0);
    expect(count(region, 'AWS::CloudWatch::Dashboard')).toBe(dashboards);
  });

  it('metrics in alarms, and composite alarms', () => {
    const alarms = inRegion(region).flatMap((stack) =>
      resourcesOf<Watching>(stack, 'AWS::CloudWatch::Alarm'),
    );
    const metrics = alarms.map(
      // One that calculates names its metrics; any other has one.
      ({ properties: { Metrics = [{ MetricStat: true }] } }) =>
        Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length,
    );
    const expected = PER_REGION.alarmMetrics + (first ? FIRST_REGION.alarmMetrics : 0);
    expect(metrics.reduce((sum, each) => sum + each, 0)).toBe(expected);
    expect(count(region, 'AWS::CloudWatch::CompositeAlarm')).toBe(PER_REGION.compositeAlarms);
  });

  it('firewalls, rules and keys', () => {
    const acls = inRegion(region).flatMap((stack) =>
      resourcesOf<{ Rules: readonly unknown[] }>(stack, 'AWS::WAFv2::WebACL'),
    );
    expect(acls).toHaveLength(PER_REGION.firewalls);
    expect(acls.flatMap(({ properties }) => properties.Rules)).toHaveLength(PER_REGION.firewallRules);
    expect(count(region, 'AWS::KMS::Key')).toBe(PER_REGION.keys);
  });

  it('secrets', () => {
    expect(secretsIn(region)).toBe(PER_REGION.secrets + (first ? FIRST_REGION.secrets : 0));
  });

  it('batches of a shard', () => {
    const mappings = inRegion(region).flatMap((stack) =>
      resourcesOf<{ ParallelizationFactor?: number }>(stack, 'AWS::Lambda::EventSourceMapping'),
    );
    const factors = mappings.flatMap(({ properties }) => properties.ParallelizationFactor ?? []);
    expect(factors).toEqual([BATCHES_PER_SHARD]);
  });

  it('tables: its own, and its replica of the global one', () => {
    // The template of the first region's has all replicas in it.
    const others = first ? 0 : 1;
    expect(count(region, 'AWS::DynamoDB::GlobalTable') + others).toBe(PER_REGION.tables);
  });
});
