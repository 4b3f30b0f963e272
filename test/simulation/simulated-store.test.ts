import { beforeEach, describe, expect, it } from 'vitest';
import { type Commit, StoreUnavailableError } from '../../lib/application/ports.ts';
import { ABSENT } from '../../lib/domain/guarded-write.ts';
import type { Process } from '../../lib/simulation/process.ts';
import { put } from '../support/guarded-writes.ts';
import {
  always,
  availableIn,
  ELSEWHERE,
  HERE,
  quotaOf,
  type SmallWorld,
  START_MS,
  smallWorld,
  THERE,
} from './small-world.ts';

const TIMEOUT_MS = 2_000;
const CREATE = put(quotaOf('sku', 5), ABSENT);

describe('a store behind a network', () => {
  let world: SmallWorld;
  let process: Process;

  beforeEach(() => {
    world = smallWorld();
    process = world.start('env', HERE);
  });

  /** What a commit ended with, and after how long. */
  const commit = async (region: string = HERE) => {
    let end: { commit?: Commit; error?: unknown; ms: number } | undefined;
    const ms = () => world.time.now() - START_MS;
    void process.run(async () => {
      try {
        end = { commit: await world.reach(process, region).commit([CREATE]), ms: ms() };
      } catch (error) {
        end = { error, ms: ms() };
      }
    });
    await world.pass(1);
    return end;
  };
  const isStored = async (region: string = HERE) =>
    (await availableIn(world.storeOf(region), 'sku')) !== undefined;

  it.each([
    [HERE, 4, 6],
    [THERE, 70, 105],
    [ELSEWHERE, 90, 135],
  ])('answers from %s after the round trip', async (region, least, most) => {
    const end = await commit(region);
    expect(end?.commit?.outcome).toBe('committed');
    expect(end?.ms).toBeGreaterThanOrEqual(least);
    expect(end?.ms).toBeLessThanOrEqual(most);
    expect(world.counts.all()).toMatchObject({ storeCalls: 1, commits: 1 });
  });

  it('loses a request without an effect', async () => {
    world.dice.rates = always('lostRequest');
    const end = await commit();
    expect(end?.error).toBeInstanceOf(StoreUnavailableError);
    expect(end?.ms).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(await isStored()).toBe(false);
  });

  it('loses a reply after the effect', async () => {
    world.dice.rates = always('lostReply');
    const end = await commit();
    expect(end?.error).toBeInstanceOf(StoreUnavailableError);
    expect(end?.ms).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(await isStored()).toBe(true);
    expect(world.counts.of('lostReplies')).toBe(1);
  });

  it('throttles a commit without an effect, and a read as if out of reach', async () => {
    world.dice.rates = always('throttled');
    expect((await commit())?.commit?.outcome).toBe('contended');
    expect(await isStored()).toBe(false);
    const read = process.run(() => world.reach(process, HERE).locations('tenant'));
    await world.pass(1);
    expect(await read).toMatchObject({ ended: 'threw', error: { name: 'StoreUnavailableError' } });
  });

  it('delays a call, and its caller gives up in time, whatever becomes of it', async () => {
    world.dice.rates = always('delayed');
    const ends: string[] = [];
    for (let call = 0; call < 30; call += 1) {
      const startedMs = world.time.now();
      const asked = process.run(() => world.reach(process, HERE).locations('tenant'));
      void asked.then(({ ended }) => {
        expect(world.time.now() - startedMs).toBeLessThanOrEqual(TIMEOUT_MS);
        ends.push(ended);
      });
      await world.pass(1);
    }
    expect(new Set(ends)).toEqual(new Set(['returned', 'threw']));
  });

  it('executes a duplicated commit again, with the same conditions', async () => {
    world.dice.rates = always('duplicated');
    const attempts: string[] = [];
    const memory = world.storeOf(HERE);
    const original = memory.commit.bind(memory);
    memory.commit = async (writes) => {
      const answer = await original(writes);
      attempts.push(answer.outcome);
      return answer;
    };
    expect((await commit())?.commit?.outcome).toBe('committed');
    expect(attempts).toEqual(['committed', 'refused']);
  });

  it('gives the answer to the second commit when that to the first was lost', async () => {
    world.dice.rates = always('repeated');
    const end = await commit();
    expect(end?.commit).toEqual({ outcome: 'refused', images: new Map([[0, quotaOf('sku', 5)[1]]]) });
  });

  it('crashes the caller before the effect', async () => {
    world.dice.rates = always('crashBefore');
    expect(await commit()).toBeUndefined();
    expect([process.isAlive, await isStored()]).toEqual([false, false]);
    expect(world.counts.of('crashesBeforeEffect')).toBe(1);
  });

  it('crashes the caller after the effect, before it hears of it', async () => {
    world.dice.rates = always('crashAfter');
    expect(await commit()).toBeUndefined();
    expect([process.isAlive, await isStored()]).toEqual([false, true]);
    expect(world.counts.of('crashesAfterCommit')).toBe(1);
  });

  it('lets a call that is on its way take effect after its caller has crashed', async () => {
    world.time.after(10, () => process.crash());
    expect(await commit(THERE)).toBeUndefined();
    expect(await isStored(THERE)).toBe(true);
  });

  it('sends nothing for a process that has crashed', async () => {
    process.crash();
    void world.reach(process, HERE).commit([CREATE]);
    await world.pass(1);
    expect(await isStored()).toBe(false);
    expect(world.counts.of('storeCalls')).toBe(0);
  });

  it('does not reach a region that is down', async () => {
    world.network.takeDown(THERE);
    expect((await commit(THERE))?.error).toBeInstanceOf(StoreUnavailableError);
    expect(await isStored(THERE)).toBe(false);
  });

  it('has no effect where the way there is cut, and an unknown one where the way back is', async () => {
    world.network.cut(HERE, THERE);
    expect((await commit(THERE))?.error).toBeInstanceOf(StoreUnavailableError);
    expect(await isStored(THERE)).toBe(false);
    world.network.mend(HERE, THERE);
    world.network.cut(THERE, HERE);
    expect((await commit(THERE))?.error).toBeInstanceOf(StoreUnavailableError);
    expect(await isStored(THERE)).toBe(true);
  });

  it('passes on what no store may accept: a bug of the caller', async () => {
    const asked = process.run(() => world.reach(process, HERE).commit([]));
    await world.pass(1);
    expect(await asked).toMatchObject({ ended: 'threw', error: { message: 'A commit without writes' } });
  });

  it('tells a reader of the trace what was written, and what became of it', async () => {
    world = smallWorld({ keep: true });
    process = world.start('env', HERE);
    await commit();
    expect(world.trace.lines.map(({ text }) => text)).toEqual([
      `env commit ${HERE} took effect committed ` + `[quota tenant/sku/location/${HERE}/0: put if absent]`,
    ]);
  });
});
