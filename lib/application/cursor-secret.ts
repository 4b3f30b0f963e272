import type { Secret } from '../domain/entities.ts';
import { ABSENT } from '../domain/guarded-write.ts';
import { firstRegion } from './acting-in.ts';
import type { Dependencies } from './ports.ts';

const NAME = 'cursor';
const SECRET_BYTES = 32;

type SecretDependencies = Pick<Dependencies, 'store' | 'random' | 'region' | 'regions' | 'replicas'>;

async function readOrCreate(deps: SecretDependencies): Promise<Uint8Array> {
  const region = firstRegion(deps);
  const key = { region, name: NAME };
  const owner = deps.replicas.in(region);
  const found = (await deps.store.get('secret', key, 'strong')) ?? (await owner.get('secret', key, 'strong'));
  if (found !== undefined) return Buffer.from(found.value, 'base64url');
  const secret: Secret = { ...key, value: deps.random.base64url(SECRET_BYTES) };
  const commit = await owner.commit([
    { entity: 'secret', key, conditions: [ABSENT], effect: { does: 'put', record: secret } },
  ]);
  // Another environment was first, or our own reply was lost: what is stored is the secret.
  const stored = commit.outcome === 'refused' ? (commit.images.get(0) as Secret | undefined) : secret;
  if (commit.outcome === 'contended' || stored === undefined)
    throw new Error('The cursor secret is contended');
  return Buffer.from(stored.value, 'base64url');
}

/**
 * Makes the function that gives the secret that cursors are signed with, the same in all regions: a list that was
 * begun in one may go on in another. The first environment creates it; every other reads it once.
 */
export function createCursorSecret(deps: SecretDependencies) {
  let secret: Promise<Uint8Array> | undefined;
  return (): Promise<Uint8Array> => {
    secret ??= readOrCreate(deps).catch((error: unknown) => {
      secret = undefined;
      throw error;
    });
    return secret;
  };
}
