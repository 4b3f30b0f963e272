import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../lib/config/environment.ts';
import { FUNCTIONS } from '../../lib/config/functions.ts';
import { functionsOf, type SynthesizedStack, synthesize, tableNamed } from './synthesis.ts';

interface TableProperties {
  readonly TableName: string;
  readonly BillingMode: string;
  readonly TimeToLiveSpecification: unknown;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Replicas: readonly {
    readonly Region: string;
    readonly DeletionProtectionEnabled: boolean;
    readonly PointInTimeRecoverySpecification: { readonly PointInTimeRecoveryEnabled: boolean };
  }[];
}

const stacks = (stage: string): SynthesizedStack[] => synthesize({ stage, regions: 'us-east-1,eu-west-1' });

describe('the table of the read model', () => {
  it.each(stacks('prod'))('is one of its own in $region, with a key and nothing else', (stack) => {
    const { properties } = tableNamed<TableProperties>(stack, 'holdfast-prod-read');
    expect(properties.KeySchema.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
    expect(properties.Replicas.map(({ Region }) => Region)).toEqual([stack.region]);
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(properties).not.toHaveProperty('StreamSpecification');
    expect(properties).not.toHaveProperty('GlobalSecondaryIndexes');
    // Lists of open holds end; nothing is replicated, so DynamoDB deletes them for nothing.
    expect(properties.TimeToLiveSpecification).toEqual({ AttributeName: 'endsAtSeconds', Enabled: true });
  });

  it.each([
    ['prod', 'Retain', true],
    ['dev', 'Delete', false],
  ])('is guarded as the settings of stage %s say', (stage, policy, isGuarded) => {
    const [stack] = stacks(stage) as [SynthesizedStack];
    const table = tableNamed<TableProperties>(stack, `holdfast-${stage}-read`);
    expect(table.deletionPolicy).toBe(policy);
    expect(table.properties.Replicas).toMatchObject([
      {
        DeletionProtectionEnabled: isGuarded,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: isGuarded },
      },
    ]);
  });

  it('is known to those whose settings name the read model or count requests, and to nobody else', () => {
    const [stack] = stacks('prod') as [SynthesizedStack];
    const functions = functionsOf<{ Environment: { Variables: Record<string, unknown> } }>(stack);
    const told = [...functions].filter(
      ([, { properties }]) =>
        properties.Environment.Variables[ENVIRONMENT.readTableName] === 'holdfast-prod-read',
    );
    const settings = Object.entries(FUNCTIONS).filter(([, { readModel }]) => readModel !== undefined);
    const counting = Object.entries(FUNCTIONS).filter(([, { countsRequests }]) => countsRequests);
    const named = new Set([...settings, ...counting].map(([name]) => name));
    expect(told.map(([name]) => name).toSorted()).toEqual([...named].toSorted());
    expect(settings.map(([name, { readModel }]) => [name, readModel])).toEqual([
      ['reserve', 'read'],
      ['stock', 'read'],
      ['complete', 'readWrite'],
      ['audit', 'read'],
    ]);
  });
});
