/** A simulated world with stores and processes, for tests of its parts. */
import { type CallFault, FaultDice, NO_CALL_FAULTS } from '../../lib/simulation/call-faults.ts';
import { FaultCounts } from '../../lib/simulation/fault-counts.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { Network } from '../../lib/simulation/network.ts';
import { Process } from '../../lib/simulation/process.ts';
import { SeededRandom } from '../../lib/simulation/random.ts';
import { SimulatedStore } from '../../lib/simulation/simulated-store.ts';
import { Trace } from '../../lib/simulation/trace.ts';
import { VirtualTime } from '../../lib/simulation/virtual-time.ts';
import type { SimulatedWorld } from '../../lib/simulation/world.ts';
import { type Named, put } from '../support/guarded-writes.ts';
import { quotaRecord } from '../support/stored-records.ts';

export const REGIONS = ['eu-central-1', 'sa-east-1', 'us-east-1'] as const;
export const [HERE, THERE, ELSEWHERE] = REGIONS;
export const START_MS = Date.parse('2026-11-24T12:00:00.000Z');
export const MINUTE_MS = 60_000;

export interface SmallWorld extends SimulatedWorld {
  readonly dice: FaultDice;
  readonly stores: readonly MemoryStore[];
  readonly storeOf: (region: string) => MemoryStore;
  /** A process, and the stores as it reaches them. */
  readonly start: (name: string, region: string) => Process;
  readonly reach: (process: Process, region: string) => SimulatedStore;
  /** Lets minutes pass. */
  readonly pass: (minutes: number) => Promise<void>;
}

export function smallWorld({ seed = 1, keep = false, indexLagMs = 0 } = {}): SmallWorld {
  const trace = new Trace({ keep });
  const time = new VirtualTime(START_MS, trace);
  const random = new SeededRandom(seed);
  const world: SimulatedWorld = {
    time,
    random,
    trace,
    network: new Network(REGIONS),
    counts: new FaultCounts(),
  };
  const dice = new FaultDice(random.fork('dice'));
  const calls = random.fork('calls');
  const lag = indexLagMs === 0 ? {} : { indexLagMs: () => indexLagMs, readAgeMs: () => indexLagMs };
  const stores = REGIONS.map((region) => new MemoryStore(region, { now: () => time.now(), ...lag }));
  const storeOf = (region: string) => {
    const store = stores.find((one) => one.region === region);
    if (store === undefined) throw new Error(`No store in ${region}`);
    return store;
  };
  return {
    ...world,
    dice,
    stores,
    storeOf,
    start: (name, region) => new Process(time, { name, region }),
    reach: (process, region) => new SimulatedStore({ world, dice, random: calls, process }, storeOf(region)),
    pass: (minutes) => time.run(time.now() + minutes * MINUTE_MS),
  };
}

/** Nothing goes wrong but this, and this always. */
export const always = (fault: CallFault) => ({ ...NO_CALL_FAULTS, [fault]: 1 });

/** A quota with so many available units. */
export const quotaOf = (sku: string, available: number, region: string = HERE): Named => [
  'quota',
  quotaRecord({ sku, region, available }),
];

export const putQuota = (sku: string, available: number, region: string = HERE) =>
  put(quotaOf(sku, available, region));

/** What a region's store says is available. */
export async function availableIn(store: MemoryStore, sku: string): Promise<number | undefined> {
  const { quotas } = await store.readSku('tenant', sku, 'strong');
  return quotas[0]?.available;
}
