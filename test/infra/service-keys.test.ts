import { describe, expect, it } from 'vitest';
import { holderOf, SECRET_HOLDERS, secretName } from '../../lib/config/secrets.ts';
import { permissionsOf } from './policies.ts';
import { onlyResource, resourcesOf, synthesize, synthesizeOne, written } from './synthesis.ts';

interface SecretProperties {
  readonly Name: string;
  readonly GenerateSecretString: unknown;
  readonly ReplicaRegions?: readonly { readonly Region: string }[];
}

interface ScheduleProperties {
  readonly SecretId: unknown;
  readonly RotationLambdaARN: unknown;
  readonly RotateImmediatelyOnUpdate: boolean;
  readonly RotationRules: unknown;
}

const [first, ...others] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1,ap-northeast-1' });
if (first === undefined) throw new Error('No stack was synthesised.');
const secrets = resourcesOf<SecretProperties>(first, 'AWS::SecretsManager::Secret');

describe('the secrets with keys of the service', () => {
  it('are in the first region only, and the canary of each region has a copy of its own', () => {
    const names = secrets.map(({ properties }) => properties.Name);
    expect(names.toSorted()).toEqual(['holdfast/prod/canary-key', 'holdfast/prod/operator-key']);
    for (const stack of others) expect(resourcesOf(stack, 'AWS::SecretsManager::Secret')).toEqual([]);
    const copies = secrets.map(({ properties }) => properties.ReplicaRegions?.map(({ Region }) => Region));
    expect(copies).toEqual([undefined, ['eu-west-1', 'ap-northeast-1']]);
    expect(first.template.Outputs['OperatorKeySecret']?.Value).toBe('holdfast/prod/operator-key');
  });

  it('begin as no key, turn at once and again every 90 days', () => {
    const schedules = resourcesOf<ScheduleProperties>(first, 'AWS::SecretsManager::RotationSchedule');
    expect(schedules.map(({ properties }) => written(properties.SecretId)).toSorted()).toEqual(
      secrets.map(({ id }) => `<${id}>`).toSorted(),
    );
    for (const { properties } of schedules) {
      expect(properties.RotateImmediatelyOnUpdate).toBe(true);
      expect(properties.RotationRules).toEqual({ AutomaticallyAfterDays: 90 });
      expect(written(properties.RotationLambdaARN)).toMatch(/^<ServiceKeysRotate.*\.Arn>$/);
    }
    for (const { properties } of secrets) expect(properties.GenerateSecretString).toBeDefined();
  });

  it('are touched by the function that turns them, and by no wider permission', () => {
    const permissions = permissionsOf(first, 'rotate').filter((one) => one.startsWith('secretsmanager:'));
    const actions = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
    const expected = secrets.flatMap(({ id }) => actions.map((action) => `secretsmanager:${action} <${id}>`));
    expect(permissions.toSorted()).toEqual(expected.toSorted());
    const invokers = resourcesOf<{ Principal: string; SourceAccount?: unknown }>(
      first,
      'AWS::Lambda::Permission',
    ).filter(({ properties }) => properties.Principal === 'secretsmanager.amazonaws.com');
    expect(invokers.map(({ properties }) => properties.SourceAccount)).toEqual([{ Ref: 'AWS::AccountId' }]);
  });

  it('are kept where data is, and are not there in the embedded stack', () => {
    expect(secrets.map(({ deletionPolicy }) => deletionPolicy)).toEqual(['Retain', 'Retain']);
    const disposable = resourcesOf(synthesizeOne('dev'), 'AWS::SecretsManager::Secret');
    expect(disposable.map(({ deletionPolicy }) => deletionPolicy)).toEqual(['Delete', 'Delete']);
    expect(resourcesOf(synthesizeOne('local'), 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(() => onlyResource(synthesizeOne('local'), 'AWS::SecretsManager::RotationSchedule')).toThrow();
  });
});

describe('the holder of a secret', () => {
  it.each(SECRET_HOLDERS)('%s is known by the ARN of the secret', (holder) => {
    const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${secretName('prod', holder)}-a1B2c3`;
    expect(holderOf(arn)).toBe(holder);
    expect(holderOf(`${arn}x`)).toBeUndefined();
  });
});
