/** What costs by the month is counted in `lib/cost/deployed.ts`: as many as the templates have. */
import { describe, expect, it } from 'vitest';
import { BATCHES_PER_SHARD } from '../../lib/cost/capacity/spine-limits.ts';
import { FIRST_REGION, PER_REGION } from '../../lib/cost/deployed.ts';
import { resourcesOf, type SynthesizedStack, synthesizeAll } from './synthesis.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
const stacks = synthesizeAll({ stage: 'prod', regions: REGIONS.join(',') });
const inRegion = (region: string): readonly SynthesizedStack[] =>
  stacks.filter((stack) => stack.region === region && stack.id !== 'table');
const count = (region: string, type: string): number =>
  inRegion(region).reduce((sum, stack) => sum + resourcesOf(stack, type).length, 0);

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

  it.each([
    ['alarms', 'AWS::CloudWatch::Alarm'],
    ['dashboards', 'AWS::CloudWatch::Dashboard'],
  ] as const)('%s', (name, type) => {
    expect(count(region, type)).toBe(PER_REGION[name] + (first ? FIRST_REGION[name] : 0));
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
    expect(count(region, 'AWS::DynamoDB::GlobalTable') + 1).toBe(PER_REGION.tables);
  });
});
