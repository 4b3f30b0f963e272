import { beforeEach, describe, expect, it } from 'vitest';
import { createReplicas } from '../../../../lib/adapters/dynamodb/replicas.ts';
import { type Store, StoreUnavailableError } from '../../../../lib/application/ports.ts';
import { MemoryStore } from '../../../../lib/simulation/memory-store.ts';
import { ManualClock } from '../../../support/world.ts';

const [OWN, OTHER] = ['us-east-1', 'eu-west-1'];

let clock: ManualClock;
let asked: number;
/** How long the other region keeps a caller waiting before it fails; `undefined`: it answers. */
let failsAfterMs: number | undefined;
let other: Store;

beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  failsAfterMs = undefined;
  const own = { region: OWN, store: new MemoryStore(OWN) };
  const open = (region: string): Store =>
    Object.assign(new MemoryStore(region), {
      ping: async () => {
        asked += 1;
        if (failsAfterMs === undefined) return;
        clock.advance(failsAfterMs);
        throw new StoreUnavailableError('no answer', { effect: 'none' });
      },
    });
  other = createReplicas(own, { regions: [OWN, OTHER], clock, open }).in(OTHER);
});

const isUp = () =>
  other.ping().then(
    () => true,
    () => false,
  );

describe('the replica of another region', () => {
  it('is not asked again for a second after it has kept somebody waiting', async () => {
    failsAfterMs = 1700;
    expect(await isUp()).toBe(false);
    failsAfterMs = undefined;
    clock.advance(999);
    expect(await isUp()).toBe(false);
    expect(asked).toBe(1);
    clock.advance(1);
    expect(await isUp()).toBe(true);
  });

  it('is asked again at once when it failed at once: it may be back', async () => {
    failsAfterMs = 100;
    expect(await isUp()).toBe(false);
    failsAfterMs = undefined;
    expect(await isUp()).toBe(true);
  });

  it('is not avoided for longer because the clock was set back', async () => {
    failsAfterMs = 1700;
    expect(await isUp()).toBe(false);
    failsAfterMs = undefined;
    clock.advance(-3_600_000);
    expect(await isUp()).toBe(true);
  });

  it('can be awaited itself: it is no promise', async () => {
    expect(await Promise.resolve(other)).toBe(other);
  });
});
