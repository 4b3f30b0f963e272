import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../lib/application/authenticate.ts';
import { createKey, createTenant, revokeKey } from '../../../lib/application/manage-keys.ts';
import { createWorld } from '../../support/world.ts';

const REMEMBERED_MS = 15_000;
const OPERATOR = { kind: 'operator', keyId: 'key.operator' } as const;

/** A world with a tenant, its key, and whoever tells whose it is. */
async function open() {
  let reads = 0;
  const world = createWorld({
    wrap: (store) => ({
      ...store,
      get: ((...asked: Parameters<typeof store.get>) => {
        if (asked[0] === 'apiKey') reads += 1;
        return store.get(...asked);
      }) as typeof store.get,
      commit: (writes) => store.commit(writes),
    }),
  });
  await createTenant(world, { tenantId: 'acme', name: 'Acme', tier: 'premium' });
  const make = async () => {
    const made = await createKey(world, 'acme', { scopes: ['read'] });
    if (!made.ok) throw new Error('The key was not made.');
    return made.value;
  };
  return { world, make, authenticate: createAuthenticator(world, REMEMBERED_MS), reads: () => reads };
}

describe('whose a key is', () => {
  it('is read once, and again when the time of what is remembered is over', async () => {
    const { world, make, authenticate, reads } = await open();
    const { key, secret } = await make();
    const principal = {
      kind: 'tenant',
      tenantId: 'acme',
      keyId: key.keyId,
      scopes: ['read'],
      tier: 'premium',
    };
    expect(await authenticate(secret)).toEqual(principal);
    world.clock.advance(REMEMBERED_MS - 1);
    expect(await authenticate(secret)).toEqual(principal);
    expect(reads()).toBe(1);
    world.clock.advance(1);
    expect(await authenticate(secret)).toEqual(principal);
    expect(reads()).toBe(2);
  });

  it('is nobody once it was revoked and that time is over', async () => {
    const { world, make, authenticate } = await open();
    const { key, secret } = await make();
    await authenticate(secret);
    await revokeKey(world, OPERATOR, key.keyId);
    expect(await authenticate(secret)).toBeDefined();
    world.clock.advance(REMEMBERED_MS);
    expect(await authenticate(secret)).toBeUndefined();
  });

  it('is not remembered to be nobody', async () => {
    const { make, authenticate, reads } = await open();
    const { secret } = await make();
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
    expect(await authenticate(wrong)).toBeUndefined();
    expect(await authenticate(wrong)).toBeUndefined();
    expect(reads()).toBe(2);
    expect(await authenticate('hf.nonsense')).toBeUndefined();
    expect(reads()).toBe(2);
  });
});
