import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { TurningSecret } from '../../application/rotate-service-key.ts';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

const CURRENT = 'AWSCURRENT';
const PENDING = 'AWSPENDING';
const PREVIOUS = 'AWSPREVIOUS';

export interface Turn {
  readonly secretArn: string;
  /** Id of the version that this turn makes. */
  readonly versionId: string;
}

/** One turn of a secret of Secrets Manager, by the stages that it gives to versions. */
export function createTurningSecret(
  connection: OutletConnection,
  { secretArn, versionId }: Turn,
): TurningSecret {
  const client = new SecretsManagerClient(clientSettings(connection));
  const SecretId = secretArn;

  async function read(version: { readonly VersionStage: string; readonly VersionId?: string }) {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId, ...version }))).SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** The version that has a stage. */
  async function versionWith(stage: string): Promise<string | undefined> {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
  }

  return {
    pending: () => read({ VersionStage: PENDING, VersionId: versionId }),
    previous: () => read({ VersionStage: PREVIOUS }),
    isCurrent: async () => (await versionWith(CURRENT)) === versionId,
    async propose(key) {
      await client.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken: versionId,
          SecretString: key,
          VersionStages: [PENDING],
        }),
      );
    },
    async promote() {
      const from = await versionWith(CURRENT);
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: CURRENT,
          MoveToVersionId: versionId,
          ...(from !== undefined && { RemoveFromVersionId: from }),
        }),
      );
    },
  };
}
