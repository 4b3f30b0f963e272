import { describe, expect, it } from 'vitest';
import type { Message } from '../../lib/application/ports.ts';
import { Violation } from '../../lib/simulation/oracle/violation.ts';
import { SeededRandom } from '../../lib/simulation/random.ts';
import { Outages } from '../../lib/simulation/spine/outages.ts';
import { Reception } from '../../lib/simulation/spine/reception.ts';
import { SimulatedOutlet } from '../../lib/simulation/spine/simulated-outlet.ts';
import { type QueueConsumer, SimulatedQueue } from '../../lib/simulation/spine/simulated-queue.ts';
import { NO_SPINE_FAULTS } from '../../lib/simulation/spine/spine-rates.ts';
import { always, HERE, smallWorld } from './small-world.ts';

const messages = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({ id: `m${index}` }));
const NONE: ReadonlySet<string> = new Set();

function openQueue({
  consume,
  rates = {},
}: {
  consume: QueueConsumer<Message>;
  rates?: Partial<typeof NO_SPINE_FAULTS>;
}) {
  const world = smallWorld();
  const options = { region: HERE, name: 'orders', consume, rates: { ...NO_SPINE_FAULTS, ...rates } };
  return { world, queue: new SimulatedQueue(world, options) };
}

describe('a simulated queue', () => {
  it('delivers every message, and deletes what was handled', async () => {
    const seen: string[] = [];
    const { world, queue } = openQueue({
      consume: async (batch) => {
        seen.push(...batch.map(({ id }) => id));
        return NONE;
      },
    });
    queue.accept(messages(50));
    await world.pass(5);
    expect(new Set(seen).size).toBe(50);
    expect(seen).toHaveLength(50);
    expect(queue.depth).toBe(0);
  });

  it('puts a message aside after five receives, and holds up no other', async () => {
    const receives = new Map<string, number>();
    const { world, queue } = openQueue({
      consume: async (batch) => {
        for (const { id } of batch) receives.set(id, (receives.get(id) ?? 0) + 1);
        return new Set(batch.map(({ id }) => id).filter((id) => id === 'm3'));
      },
    });
    queue.accept(messages(6));
    await world.pass(20);
    expect(receives.get('m3')).toBe(5);
    expect(receives.get('m4')).toBe(1);
    expect(queue.deadLetters.map(({ id }) => id)).toEqual(['m3']);
    expect(queue.depth).toBe(0);
  });

  it('delivers what was put aside once it is put back', async () => {
    let isMended = false;
    const { world, queue } = openQueue({
      consume: async (batch) => (isMended ? NONE : new Set(batch.map(({ id }) => id))),
    });
    queue.accept(messages(3));
    await world.pass(20);
    expect(queue.deadLetters).toHaveLength(3);
    isMended = true;
    queue.redrive();
    await world.pass(5);
    expect([queue.deadLetters.length, queue.depth]).toEqual([0, 0]);
  });

  it('shows a message again when its worker died', async () => {
    let attempts = 0;
    const { world, queue } = openQueue({
      consume: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('killed');
        return NONE;
      },
    });
    queue.accept(messages(1));
    await world.pass(5);
    expect(attempts).toBe(2);
    expect(queue.depth).toBe(0);
  });

  it('waits while its region is down', async () => {
    const { world, queue } = openQueue({ consume: async () => NONE });
    world.network.takeDown(HERE);
    queue.accept(messages(2));
    await world.pass(10);
    expect(queue.depth).toBe(2);
    world.network.bringUp(HERE);
    await world.pass(1);
    expect(queue.depth).toBe(0);
  });

  it('delivers again what was handled, as often as its rate says', async () => {
    let delivered = 0;
    const { world, queue } = openQueue({
      consume: async (batch) => {
        delivered += batch.length;
        return NONE;
      },
      rates: { again: 0.5 },
    });
    queue.accept(messages(100));
    await world.pass(30);
    expect(delivered).toBeGreaterThan(130);
    expect(world.counts.of('redeliveredMessages')).toBe(delivered - 100);
  });
});

describe('a simulated outlet', () => {
  function openOutlet(rates: Partial<typeof NO_SPINE_FAULTS> = {}) {
    const world = smallWorld();
    const outages = new Outages();
    const taken: string[] = [];
    const parties = {
      world,
      dice: world.dice,
      random: new SeededRandom(7),
      process: world.start('sender', HERE),
      region: HERE,
    };
    const outlet = new SimulatedOutlet<Message>(parties, {
      name: 'bus',
      rates: { ...NO_SPINE_FAULTS, ...rates },
      outages,
      take: (some) => taken.push(...some.map(({ id }) => id)),
    });
    const send = async (some: readonly Message[]) => {
      let answer: ReadonlySet<string> | undefined;
      void outlet.send(some).then((left) => {
        answer = left;
      });
      await world.pass(1);
      return answer;
    };
    return { world, outages, taken, send };
  }

  it('hands over all messages in their order', async () => {
    const { send, taken } = openOutlet();
    expect(await send(messages(25))).toEqual(NONE);
    expect(taken).toEqual(messages(25).map(({ id }) => id));
  });

  it('says which messages of a batch were not taken', async () => {
    const { send, taken } = openOutlet({ partial: 0.3 });
    const left = await send(messages(40));
    expect(left?.size).toBeGreaterThan(3);
    expect(taken).toHaveLength(40 - (left?.size ?? 0));
    expect(taken.filter((id) => left?.has(id))).toEqual([]);
  });

  it('takes nothing during an outage', async () => {
    const { send, taken, outages } = openOutlet();
    outages.begin(HERE);
    expect((await send(messages(3)))?.size).toBe(3);
    expect(taken).toEqual([]);
  });

  it('does not know what was taken when the answer is lost', async () => {
    const { send, taken, world } = openOutlet();
    world.dice.rates = always('lostReply');
    expect((await send(messages(3)))?.size).toBe(3);
    expect(taken).toEqual(['m0', 'm1', 'm2']);
  });
});

describe('a reception', () => {
  it('takes a message twice if it is the same', () => {
    const world = smallWorld();
    const bus = new Reception<Message & { units: number }>(world, 'event');
    bus.take([{ id: 'a', units: 1 }]);
    bus.take([{ units: 1, id: 'a' }]);
    expect(bus.messages).toHaveLength(1);
  });

  it('ends the run when one id means two things', async () => {
    const world = smallWorld();
    const bus = new Reception<Message & { units: number }>(world, 'event');
    bus.take([{ id: 'a', units: 1 }]);
    bus.take([{ id: 'a', units: 2 }]);
    await expect(world.pass(1)).rejects.toThrow(Violation);
  });
});
