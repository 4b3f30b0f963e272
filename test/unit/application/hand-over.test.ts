import { beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../../lib/application/ports.ts';
import type { StreamedRecord } from '../../../lib/application/streamed-record.ts';
import { sweepOnce } from '../../../lib/application/sweep.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';
import type { Unsent } from '../../../lib/domain/unsent.ts';
import { Consumer, storeWith } from '../../support/changes.ts';
import { US } from '../../support/regions.ts';
import { confirmation, quotaRecord, reservationRecord } from '../../support/stored-records.ts';

let consumer: Consumer;

beforeEach(() => {
  consumer = new Consumer(US);
});

const held = (keyHash: string) => reservationRecord({ region: US, keyHash, expiresAtMs: 9e12 });
const confirmed = (keyHash: string): Reservation => ({
  ...held(keyHash),
  status: 'confirmed',
  version: 2,
  history: [confirmation()],
});

const created = (keyHash: string): StreamedRecord =>
  consumer.record({ entity: 'reservation', after: held(keyHash) }, keyHash);
const changed = (keyHash: string): StreamedRecord =>
  consumer.record({ entity: 'reservation', before: held(keyHash), after: confirmed(keyHash) }, keyHash);

const told = () => consumer.deps.outlets.events.taken.map(({ subject, type }) => [subject, type].join(' '));
const kept = (): Unsent[] => consumer.regions.store(US).all('unsent');
const keptBy = (channel: Unsent['channel']) => kept().filter((unsent) => unsent.channel === channel);

const nobodyTakes = (channel: 'events' | 'orders' | 'log') => {
  consumer.deps.outlets[channel].refuses = () => true;
};

const idOf = (keyHash: string) => `${US}.${keyHash}.nonce`;

describe('what is told of a batch', () => {
  it('leaves by the bus, the order queue and the log', async () => {
    const { sent, kept: left } = await consumer.complete([created('a'), changed('a'), created('b')]);
    expect(sent).toEqual({ events: 3, orders: 1, log: 3 });
    expect(left).toEqual({ events: 0, orders: 0, log: 0 });
    expect(told().toSorted()).toEqual([
      `${idOf('a')} reservation.confirmed`,
      `${idOf('a')} reservation.held`,
      `${idOf('b')} reservation.held`,
    ]);
    expect(consumer.deps.outlets.orders.taken).toEqual([
      { id: `${idOf('a')}/2`, tenantId: 'tenant', reservationId: idOf('a'), version: 2 },
    ]);
  });

  it('is the same when a record comes twice, and in one batch it is told once', async () => {
    const record = created('a');
    await consumer.complete([record, { ...record, position: 'again' }]);
    await consumer.complete([record]);
    const { taken } = consumer.deps.outlets.events;
    expect(taken).toHaveLength(2);
    expect(taken[1]).toEqual(taken[0]);
  });

  it('says nothing of a change that must be shown again, and all of the others', async () => {
    const store = storeWith(consumer.deps.store, {
      siblings: async (_, keyHash) => {
        if (keyHash === 'a') throw new StoreUnavailableError('Away');
        return [];
      },
    });
    const { failed } = await consumer.complete([created('a'), changed('a'), created('b')], { store });
    expect([failed, told()]).toEqual([['1', '2'], [`${idOf('b')} reservation.held`]]);
  });
});

describe('an outlet that takes nothing', () => {
  it('has the change of a level shown again when its event cannot be kept either', async () => {
    await consumer.complete([
      consumer.record({ entity: 'quota', after: quotaRecord({ available: 3 }) }, 'q'),
    ]);
    nobodyTakes('events');
    const store = storeWith(consumer.deps.store, {
      commit: async () => {
        throw new StoreUnavailableError('Away');
      },
    });
    const soldOut = consumer.record(
      { entity: 'quota', after: quotaRecord({ available: 0, promised: 3, version: 2 }) },
      'q',
    );
    expect((await consumer.complete([soldOut], { store })).failed).toEqual([soldOut.position]);
    consumer.deps.outlets.events.refuses = () => false;
    expect((await consumer.complete([soldOut])).failed).toEqual([]);
    expect(told()).toEqual(['sku stock.out']);
  });

  it('keeps what the level of a sku is told by, and the rollup is rid of it', async () => {
    const { deps } = consumer;
    await consumer.complete([
      consumer.record({ entity: 'quota', after: quotaRecord({ available: 3 }) }, 'q'),
    ]);
    nobodyTakes('events');
    const soldOut = quotaRecord({ available: 0, promised: 3, version: 2 });
    await consumer.complete([consumer.record({ entity: 'quota', after: soldOut }, 'q')]);
    expect(kept().map(({ message }) => JSON.parse(message).type)).toEqual(['stock.out']);
    const rollup = await deps.readModel.get({ tenantId: 'tenant', sku: 'sku' }, 'strong');
    expect(rollup).toMatchObject({ level: 'out', unsentEvents: [] });
  });

  it.each(['events', 'orders', 'log'] as const)(
    'keeps its %s, and the changes are completed',
    async (channel) => {
      nobodyTakes(channel);
      const nowMs = consumer.regions.clock.now();
      const { failed, kept: left } = await consumer.complete([changed('a')]);
      expect([failed, left[channel], kept()]).toMatchObject([
        [],
        1,
        [{ region: US, channel, attempts: 1, createdAtMs: nowMs, dueAtMs: nowMs + 5_000 }],
      ]);
      expect(consumer.events).toEqual([{ event: 'kept', channel, count: 1 }]);
    },
  );

  it('keeps a message once, however often its change is shown', async () => {
    nobodyTakes('events');
    const record = changed('a');
    await consumer.complete([record]);
    consumer.regions.clock.advance(5_000);
    await sweepOnce(consumer.deps);
    expect(await consumer.complete([record])).toMatchObject({ failed: [] });
    // Nor does it begin anew.
    expect(keptBy('events')).toMatchObject([{ attempts: 2 }]);
  });

  it('does not get what stands behind one of the same subject that it has not taken', async () => {
    const { events } = consumer.deps.outlets;
    events.refuses = ({ subject, type }) => subject === idOf('a') && type === 'reservation.held';
    await consumer.complete([created('a'), created('b'), changed('a'), changed('b')]);
    expect(told()).toEqual([`${idOf('b')} reservation.held`, `${idOf('b')} reservation.confirmed`]);
    expect(keptBy('events').map(({ message }) => JSON.parse(message).type)).toEqual([
      'reservation.held',
      'reservation.confirmed',
    ]);
  });

  it('has its changes shown again when they cannot be kept either', async () => {
    nobodyTakes('events');
    const store = storeWith(consumer.deps.store, {
      commit: async (writes) => {
        if (writes[0]?.entity === 'unsent') throw new StoreUnavailableError('Away');
        return consumer.deps.store.commit(writes);
      },
    });
    const records = [created('a'), consumer.record({ entity: 'grant' })];
    const { failed } = await consumer.complete(records, { store });
    expect(failed).toEqual(['1']);
    consumer.deps.outlets.events.refuses = () => false;
    await consumer.complete([created('a')]);
    expect(told()).toEqual([`${idOf('a')} reservation.held`]);
  });
});

describe('the sweep', () => {
  const pass = (milliseconds: number) => consumer.regions.clock.advance(milliseconds);

  it('sends what was kept, in order, and forgets it', async () => {
    nobodyTakes('events');
    nobodyTakes('orders');
    await consumer.complete([created('a'), changed('a')]);
    consumer.deps.outlets.events.refuses = () => false;
    consumer.deps.outlets.orders.refuses = () => false;
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 0 });
    pass(5_000);
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 3, stuck: 0 });
    expect(told()).toEqual([`${idOf('a')} reservation.held`, `${idOf('a')} reservation.confirmed`]);
    expect(consumer.deps.outlets.orders.taken).toHaveLength(1);
    expect(kept()).toEqual([]);
  });

  it('sends the same as the stream would have sent', async () => {
    await consumer.complete([changed('a')]);
    nobodyTakes('events');
    await consumer.complete([changed('a')]);
    consumer.deps.outlets.events.refuses = () => false;
    pass(5_000);
    await sweepOnce(consumer.deps);
    const [first, again] = consumer.deps.outlets.events.taken;
    expect(again).toEqual(first);
  });

  it('tries again later and later, and never gives up', async () => {
    nobodyTakes('events');
    await consumer.complete([created('a')]);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const [{ dueAtMs }] = kept() as [Unsent];
      waits.push(dueAtMs - consumer.regions.clock.now());
      pass(dueAtMs - consumer.regions.clock.now());
      expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 0, stuck: 1 });
    }
    const seconds = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900];
    expect(waits).toEqual(seconds.map((second) => second * 1_000));
    expect(kept()).toMatchObject([{ attempts: 13 }]);
  });

  it('asks an outlet that takes nothing once a look', async () => {
    nobodyTakes('events');
    await consumer.complete(Array.from({ length: 60 }, (_, index) => created(`k${index}`)));
    const { events } = consumer.deps.outlets;
    let asked = 0;
    events.refuses = ({ sequence }) => {
      asked += sequence;
      return true;
    };
    pass(5_000);
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 0, stuck: 60 });
    expect(asked).toBe(20);
  });

  it('gives back holds whatever is down, and serves the other outlets', async () => {
    nobodyTakes('events');
    nobodyTakes('orders');
    const names = Array.from({ length: 120 }, (_, index) => `k${index}`);
    await consumer.complete(names.map(changed));
    consumer.deps.outlets.orders.refuses = () => false;
    const overdue = { ...held('due'), expiresAtMs: 1_000, firstExpiresAtMs: 1_000, lines: [] };
    await consumer.regions.store(US).commit([
      {
        entity: 'reservation',
        key: overdue,
        conditions: [],
        effect: { does: 'put', record: overdue },
      },
    ]);
    pass(5_000);
    const looks = [];
    for (let look = 0; look < 6; look += 1) looks.push(await sweepOnce(consumer.deps));
    expect(looks[0]?.expired).toBe(1);
    expect(looks.reduce((sum, { sent }) => sum + sent, 0)).toBe(120);
    expect(keptBy('orders')).toEqual([]);
    expect(keptBy('events')).toHaveLength(120);
  });

  it('works a backlog off look by look, so that the region goes on saying that it lives', async () => {
    const message = { id: 'm', tenantId: 'tenant', reservationId: 'r', version: 1 };
    const store = consumer.regions.store(US);
    for (let index = 0; index < 2_500; index += 1) {
      const id = `m${index}`;
      const record: Unsent = {
        region: US,
        channel: 'orders',
        id,
        message: JSON.stringify({ ...message, id }),
        attempts: 1,
        createdAtMs: 1,
        dueAtMs: 1,
      };
      await store.commit([
        { entity: 'unsent', key: record, conditions: [], effect: { does: 'put', record } },
      ]);
    }
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 2_100 });
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 400 });
    expect(kept()).toEqual([]);
  });

  it('lets a message wait that nobody can read', async () => {
    nobodyTakes('log');
    await consumer.complete([created('a')]);
    const [record] = kept() as [Unsent];
    await consumer.regions.store(US).commit([
      {
        entity: 'unsent',
        key: record,
        conditions: [],
        effect: { does: 'put', record: { ...record, message: '{"kind":"movement"}' } },
      },
    ]);
    consumer.deps.outlets.log.refuses = () => false;
    pass(5_000);
    expect(await sweepOnce(consumer.deps)).toMatchObject({ sent: 0, stuck: 1 });
    expect(kept()).toMatchObject([{ attempts: 2 }]);
  });
});
