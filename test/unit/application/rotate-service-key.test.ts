import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../lib/application/authenticate.ts';
import {
  type KeyHolder,
  type KeyRotation,
  rotateServiceKey,
  type TurningSecret,
} from '../../../lib/application/rotate-service-key.ts';
import { createWorld, type World } from '../../support/world.ts';

/** Versions and stages of one secret, moved as Secrets Manager moves them. */
class Vault {
  readonly versions = new Map<string, string>([['first', 'a placeholder, and no key']]);
  readonly stages = new Map<string, string>([['AWSCURRENT', 'first']]);

  value(stage: string): string | undefined {
    return this.versions.get(this.stages.get(stage) ?? '');
  }

  turn(versionId: string): TurningSecret {
    return {
      pending: async () =>
        this.stages.get('AWSPENDING') === versionId ? this.versions.get(versionId) : undefined,
      previous: async () => this.value('AWSPREVIOUS'),
      isCurrent: async () => this.stages.get('AWSCURRENT') === versionId,
      propose: async (key) => {
        this.versions.set(versionId, key);
        this.stages.set('AWSPENDING', versionId);
      },
      promote: async () => {
        this.stages.set('AWSPREVIOUS', this.stages.get('AWSCURRENT') ?? '');
        this.stages.set('AWSCURRENT', versionId);
      },
    };
  }
}

const STEPS = ['create', 'register', 'test', 'finish'] as const satisfies readonly (keyof KeyRotation)[];

/** A whole turn, each step `times` times, as a caller repeats it that got no answer. */
async function turn(
  world: World,
  vault: Vault,
  versionId: string,
  holder: KeyHolder = 'operator',
  times = 1,
) {
  for (const step of STEPS) {
    for (let time = 0; time < times; time += 1) {
      await rotateServiceKey(world, vault.turn(versionId), holder)[step]();
    }
  }
}

const principalOf = (world: World, key: string | undefined) => createAuthenticator(world, 0)(key ?? '');

describe.each([1, 3])('a turn of a secret whose steps are done %i times', (times) => {
  it('makes a key of an operator out of a placeholder', async () => {
    const world = createWorld();
    const vault = new Vault();
    await turn(world, vault, 'second', 'operator', times);
    expect(await principalOf(world, vault.value('AWSCURRENT'))).toMatchObject({ kind: 'operator' });
  });

  it('leaves two keys that work: the current one and the one before', async () => {
    const world = createWorld();
    const vault = new Vault();
    const keys: (string | undefined)[] = [];
    for (const version of ['second', 'third', 'fourth']) {
      await turn(world, vault, version, 'operator', times);
      keys.push(vault.value('AWSCURRENT'));
    }
    const kinds = await Promise.all(keys.map(async (key) => (await principalOf(world, key))?.kind));
    expect(kinds).toEqual([undefined, 'operator', 'operator']);
    expect(new Set(keys).size).toBe(3);
  });

  it('gives the canary a tenant of its own, without limit, and a key for all of it', async () => {
    const world = createWorld();
    const vault = new Vault();
    for (const version of ['second', 'third']) await turn(world, vault, version, 'canary', times);
    expect(await principalOf(world, vault.value('AWSCURRENT'))).toMatchObject({
      kind: 'tenant',
      tenantId: 'canary',
      tier: 'unlimited',
      scopes: ['read', 'write', 'admin'],
    });
  });
});

describe('a turn that breaks off', () => {
  it.each(STEPS)('before %s leaves the keys that were good', async (broken) => {
    const world = createWorld();
    const vault = new Vault();
    await turn(world, vault, 'second');
    await turn(world, vault, 'third');
    const good = [vault.value('AWSCURRENT'), vault.value('AWSPREVIOUS')];
    for (const step of STEPS.slice(0, STEPS.indexOf(broken))) {
      await rotateServiceKey(world, vault.turn('fourth'), 'operator')[step]();
    }
    expect([vault.value('AWSCURRENT'), vault.value('AWSPREVIOUS')]).toEqual(good);
    for (const key of good) expect(await principalOf(world, key)).toBeDefined();
  });

  it('does not promote a key that does not work', async () => {
    const world = createWorld();
    const rotation = rotateServiceKey(world, new Vault().turn('second'), 'operator');
    await rotation.create();
    await expect(rotation.test()).rejects.toThrow('does not work');
  });
});
