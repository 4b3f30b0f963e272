import { describe, expect, it } from 'vitest';
import { onlyResource, resourcesOf, synthesizeAll, synthesizeKind, written } from './synthesis.ts';

interface RuleProperties {
  readonly RuleName: string;
  readonly Lifecycle: { readonly DeleteAfterDays: number; readonly MoveToColdStorageAfterDays?: number };
  readonly CopyActions?: readonly {
    readonly DestinationBackupVaultArn: unknown;
    readonly Lifecycle: { readonly DeleteAfterDays: number };
  }[];
}

interface PlanProperties {
  readonly BackupPlan: { readonly BackupPlanRule: readonly RuleProperties[] };
}

const stacks = synthesizeKind('backups', {
  stage: 'prod',
  regions: 'us-east-1,eu-west-1,ap-northeast-1',
});
const [first, ...others] = stacks;
if (first === undefined) throw new Error('No stack was synthesised.');

describe('backups of the table', () => {
  it('are made in the first region alone, of the table there', () => {
    const selection = onlyResource<{ BackupSelection: { Resources: readonly unknown[] } }>(
      first,
      'AWS::Backup::BackupSelection',
    );
    expect(selection.properties.BackupSelection.Resources.map(written)).toEqual([
      'arn:aws:dynamodb:us-east-1:<AWS::AccountId>:table/holdfast-prod',
    ]);
    for (const stack of others) expect(resourcesOf(stack, 'AWS::Backup::BackupPlan')).toEqual([]);
  });

  it('are kept for five weeks by the day and a year by the month, and the daily ones in two regions', () => {
    const { BackupPlan } = onlyResource<PlanProperties>(first, 'AWS::Backup::BackupPlan').properties;
    const rules = Object.fromEntries(BackupPlan.BackupPlanRule.map((rule) => [rule.RuleName, rule]));
    expect(rules['daily']?.Lifecycle).toEqual({ DeleteAfterDays: 35 });
    expect(rules['monthly']?.Lifecycle).toEqual({ DeleteAfterDays: 365, MoveToColdStorageAfterDays: 30 });
    const copies = rules['daily']?.CopyActions ?? [];
    expect(copies.map((copy) => written(copy.DestinationBackupVaultArn))).toEqual([
      'arn:aws:backup:eu-west-1:<AWS::AccountId>:backup-vault:holdfast-prod',
    ]);
    expect(copies[0]?.Lifecycle).toEqual({ DeleteAfterDays: 35 });
  });

  it('need no second region', () => {
    const [only] = synthesizeKind('backups', { stage: 'prod', regions: 'us-east-1' });
    if (only === undefined) throw new Error('No stack was synthesised.');
    const { BackupPlan } = onlyResource<PlanProperties>(only, 'AWS::Backup::BackupPlan').properties;
    expect(BackupPlan.BackupPlanRule).toHaveLength(2);
    for (const rule of BackupPlan.BackupPlanRule) expect(rule).not.toHaveProperty('CopyActions');
  });

  it.each(stacks)('lie in $region in a vault that stays, under a key of its own', (stack) => {
    const vault = onlyResource<{
      BackupVaultName: string;
      EncryptionKeyArn: unknown;
      LockConfiguration: object;
    }>(stack, 'AWS::Backup::BackupVault');
    const key = onlyResource<{ EnableKeyRotation: boolean }>(stack, 'AWS::KMS::Key');
    expect(vault.deletionPolicy).toBe('Retain');
    expect(vault.properties).toMatchObject({
      BackupVaultName: 'holdfast-prod',
      LockConfiguration: { MinRetentionDays: 7 },
    });
    expect(written(vault.properties.EncryptionKeyArn)).toBe(`<${key.id}.Arn>`);
    expect(key.deletionPolicy).toBe('Retain');
    expect(key.properties.EnableKeyRotation).toBe(true);
  });

  it.each(['local', 'dev'])('are not made in stage %s, whose data may be lost', (stage) => {
    const types = synthesizeAll({ stage }).flatMap(({ resources }) => resources.map(({ type }) => type));
    expect(types.filter((type) => type.startsWith('AWS::Backup::'))).toEqual([]);
  });
});
