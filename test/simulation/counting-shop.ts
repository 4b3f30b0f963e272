/** The smallest shop: processes in all regions take units of a region's quotas, while everything goes wrong. */
import { StoreUnavailableError } from '../../lib/application/ports.ts';
import { ABSENT } from '../../lib/domain/guarded-write.ts';
import type { Quota } from '../../lib/domain/quota.ts';
import { Nemesis } from '../../lib/simulation/nemesis.ts';
import { drawPlan, type NemesisPlan } from '../../lib/simulation/nemesis-plan.ts';
import type { Process } from '../../lib/simulation/process.ts';
import { Replication } from '../../lib/simulation/replication.ts';
import { Outages } from '../../lib/simulation/spine/outages.ts';
import { NO_SPINE_FAULTS } from '../../lib/simulation/spine/spine-rates.ts';
import { RegionStream } from '../../lib/simulation/stream.ts';
import { put, update } from '../support/guarded-writes.ts';
import { reservationRecord } from '../support/stored-records.ts';
import { putQuota, quotaOf, REGIONS, type SmallWorld, smallWorld } from './small-world.ts';

const SKUS = ['a', 'b', 'c', 'd'];
const UNITS = 1_000_000;
/** Between two sales of a process. */
const PAUSE_MS = 1_000;
/** Handling a batch takes a process a moment, in which it may crash. */
const HANDLING_MS = 50;

export interface Shop extends SmallWorld {
  readonly plan: NemesisPlan;
  readonly replication: Replication;
  /** Everything is repaired, and nobody sells any more. */
  readonly close: () => void;
  readonly streams: readonly RegionStream[];
  /** Sales that a process was told of, and records that a stream consumer saw. */
  readonly seen: { sold: number; streamed: number };
}

/** Opens a shop in every region; processes that crash are started again. */
export function openShop({ seed = 1, processesPerRegion = 1, calm = false } = {}): Shop {
  const world = smallWorld({ seed, indexLagMs: 300 });
  const drawn = drawPlan(world.random.fork('plan'));
  const replicationRates = { merge: 0, late: 0 };
  const streamRates = { again: 0, rewind: 0, late: 0 };
  const replication = new Replication(world, world.stores, replicationRates);
  const processes = new Map<string, Process>();
  const targets = {
    replication,
    dice: world.dice,
    replicationRates,
    streamRates,
    spineRates: { ...NO_SPINE_FAULTS },
    outages: new Outages(),
    processes: () => processes.values(),
  };
  const nemesis = new Nemesis(world, drawn, targets);
  const seen = { sold: 0, streamed: 0 };
  let isOpen = true;
  const streams = world.stores.map(
    (store) =>
      new RegionStream(world, {
        store,
        rates: streamRates,
        consume: async (batch) => {
          const name = `${store.region} consumer`;
          const running = processes.get(name);
          const process = running?.isAlive === true ? running : world.start(name, store.region);
          processes.set(name, process);
          const end = await process.run(() => process.clock.sleep(HANDLING_MS));
          if (end.ended !== 'returned') throw new Error(`The consumer ${end.ended}`);
          seen.streamed += batch.length;
          return batch.length;
        },
      }),
  );
  const random = world.random.fork('shop');
  const sell = async (process: Process, region: string) => {
    const store = world.reach(process, region);
    const key = quotaOf(random.pick(SKUS), 0, region);
    const [, { tenantId, sku, locationId, shard }] = key as readonly ['quota', Quota];
    const quota = await store.get('quota', { tenantId, sku, locationId, region, shard }, 'eventual');
    const reservation = reservationRecord({ keyHash: random.hex(16), region });
    const taken = [
      { change: 'add' as const, field: 'available', by: -1 },
      { change: 'add' as const, field: 'promised', by: 1 },
      { change: 'add' as const, field: 'version', by: 1 },
    ];
    const { outcome } = await store.commit([
      update(key, taken, { is: 'atLeast', field: 'available', value: 1 }),
      put(['reservation', reservation], ABSENT),
    ]);
    if (outcome === 'committed' && quota !== undefined) seen.sold += 1;
  };
  const work = async (process: Process) => {
    while (isOpen) {
      await process.clock.sleep(random.exponential(PAUSE_MS));
      await sell(process, random.chance(0.8) ? process.region : random.pick(REGIONS)).catch((error) => {
        if (!(error instanceof StoreUnavailableError)) throw error;
      });
    }
  };
  const start = (name: string, region: string) => {
    if (!isOpen) return;
    if (!world.network.isUp(region)) {
      world.time.after(1_000, () => start(name, region));
      return;
    }
    const process = world.start(name, region);
    process.clock.skewMs = nemesis.drawSkewMs();
    processes.set(name, process);
    void process
      .run(() => work(process))
      .then((end) => {
        if (end.ended === 'threw') world.time.fail(end.error);
        if (end.ended === 'crashed') world.time.after(100, () => start(name, region));
      });
  };
  for (const region of REGIONS) {
    void world.storeOf(region).commit(SKUS.map((sku) => putQuota(sku, UNITS, region)));
    for (let index = 0; index < processesPerRegion; index += 1) start(`${region} ${index}`, region);
  }
  if (!calm) nemesis.start();
  const close = () => {
    isOpen = false;
    nemesis.stop();
  };
  return { ...world, plan: drawn, replication, close, streams, seen };
}
