import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../application/ports.ts';
import type { CanaryKey } from '../../application/run-canary.ts';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** How long a key is used before it is read again: a call each minute would cost more than the canary's requests. */
const REMEMBERED_MS = 5 * 60_000;

export interface CanaryKeyOptions extends OutletConnection {
  readonly secretName: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly onFailure: (error: unknown) => void;
}

/** Reads the canary's key from a secret of its region, which holds the key and nothing else. */
export function createCanaryKey({
  secretName,
  clock,
  onFailure,
  ...connection
}: CanaryKeyOptions): CanaryKey {
  const client = new SecretsManagerClient(clientSettings(connection));
  let remembered: { readonly key: string; readonly untilMs: number } | undefined;
  return {
    async read() {
      if (remembered !== undefined && clock.now() < remembered.untilMs) return remembered.key;
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
        if (SecretString === undefined) return undefined;
        remembered = { key: SecretString.trim(), untilMs: clock.now() + REMEMBERED_MS };
        return remembered.key;
      } catch (error) {
        onFailure(error);
        return undefined;
      }
    },
    forget() {
      remembered = undefined;
    },
  };
}
