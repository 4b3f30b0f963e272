import type { Secret } from '../domain/entities.ts';
import { ABSENT } from '../domain/guarded-write.ts';
import type { Dependencies } from './ports.ts';

const NAME = 'cursor';
const SECRET_BYTES = 32;

async function readOrCreate(deps: Pick<Dependencies, 'store' | 'random' | 'region'>): Promise<Uint8Array> {
  const key = { region: deps.region, name: NAME };
  const found = await deps.store.get('secret', key, 'strong');
  if (found !== undefined) return Buffer.from(found.value, 'base64url');
  const secret: Secret = { ...key, value: deps.random.base64url(SECRET_BYTES) };
  const commit = await deps.store.commit([
    { entity: 'secret', key, conditions: [ABSENT], effect: { does: 'put', record: secret } },
  ]);
  // Another environment was first, or our own reply was lost: what is stored is the secret.
  const stored = commit.outcome === 'refused' ? (commit.images.get(0) as Secret | undefined) : secret;
  if (commit.outcome === 'contended' || stored === undefined)
    throw new Error('The cursor secret is contended');
  return Buffer.from(stored.value, 'base64url');
}

/**
 * Makes the function that gives the secret this region signs cursors with. The first environment of a region
 * creates it; every other reads it once.
 */
export function createCursorSecret(deps: Pick<Dependencies, 'store' | 'random' | 'region'>) {
  let secret: Promise<Uint8Array> | undefined;
  return (): Promise<Uint8Array> => {
    secret ??= readOrCreate(deps).catch((error: unknown) => {
      secret = undefined;
      throw error;
    });
    return secret;
  };
}
