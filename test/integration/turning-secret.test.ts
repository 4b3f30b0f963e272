import { expect, it } from 'vitest';
import { createTurningSecret } from '../../lib/adapters/secrets-manager/turning-secret.ts';
import { type ServiceAnswer, startService } from '../support/scripted-service.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:holdfast/prod/operator-key-a1B2c3';
const NOT_FOUND = { status: 400, type: 'ResourceNotFoundException' };

/** Secrets Manager with one secret, as its documentation says that stages move. */
async function openSecret() {
  const values = new Map([['v1', 'placeholder']]);
  const stages = new Map([['AWSCURRENT', 'v1']]);
  const operations: Record<string, (body: Record<string, unknown>) => ServiceAnswer> = {
    GetSecretValue: ({ VersionStage, VersionId }) => {
      const version = stages.get(String(VersionStage));
      if (version === undefined || (VersionId !== undefined && VersionId !== version)) return NOT_FOUND;
      return { SecretString: values.get(version) };
    },
    DescribeSecret: () => {
      const labels: Record<string, string[]> = {};
      for (const [stage, version] of stages) labels[version] = [...(labels[version] ?? []), stage];
      return { VersionIdsToStages: labels };
    },
    PutSecretValue: ({ ClientRequestToken, SecretString, VersionStages }) => {
      values.set(String(ClientRequestToken), String(SecretString));
      for (const stage of VersionStages as string[]) stages.set(stage, String(ClientRequestToken));
      return {};
    },
    UpdateSecretVersionStage: ({ VersionStage, MoveToVersionId, RemoveFromVersionId }) => {
      if (stages.get(String(VersionStage)) !== RemoveFromVersionId) {
        return { status: 400, type: 'InvalidParameterException' };
      }
      stages.set('AWSPREVIOUS', String(RemoveFromVersionId));
      stages.set(String(VersionStage), String(MoveToVersionId));
      return {};
    },
  };
  const service = await startService((body, _call, operation) => operations[operation]?.(body) ?? NOT_FOUND);
  const connection = {
    region: 'us-east-1',
    endpoint: service.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const turn = (versionId: string) => createTurningSecret(connection, { secretArn: ARN, versionId });
  return { turn, service };
}

it('goes through a turn by the stages of Secrets Manager', async () => {
  const { turn, service } = await openSecret();
  const second = turn('v2');
  expect(await second.pending()).toBeUndefined();
  expect(await second.previous()).toBeUndefined();
  await second.propose('key 2');
  expect(await second.pending()).toBe('key 2');
  expect(await second.isCurrent()).toBe(false);
  await second.promote();
  expect(await second.isCurrent()).toBe(true);
  expect(await second.previous()).toBe('placeholder');

  const third = turn('v3');
  expect(await third.pending()).toBeUndefined();
  await third.propose('key 3');
  await third.promote();
  expect(await third.previous()).toBe('key 2');
  expect(await second.isCurrent()).toBe(false);
  expect(new Set(service.requests.map(({ body }) => body['SecretId']))).toEqual(new Set([ARN]));
});

it('does not take a refusal for a secret without a key', async () => {
  const service = await startService(() => ({ status: 400, type: 'AccessDeniedException' }));
  const secret = createTurningSecret(
    {
      region: 'us-east-1',
      endpoint: service.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    { secretArn: ARN, versionId: 'v2' },
  );
  await expect(secret.pending()).rejects.toThrow('scripted');
});
