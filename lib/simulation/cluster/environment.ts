import { createReplicas } from '../../adapters/dynamodb/replicas.ts';
import { unsentMessages } from '../../adapters/dynamodb/unsent-messages.ts';
import { createClaimDirectory } from '../../application/claim-directory.ts';
import { createDemandFollower } from '../../application/follow-demand.ts';
import { createLocationDirectory } from '../../application/location-directory.ts';
import type { Store } from '../../application/ports.ts';
import { recentDemand } from '../../application/rebalance-sku.ts';
import { createRegionDirectory } from '../../application/region-directory.ts';
import { createStockDirectory } from '../../application/stock-directory.ts';
import { createTenantDirectory } from '../../application/tenant-directory.ts';
import { sourceByPriority } from '../../domain/sourcing.ts';
import type { FaultDice } from '../call-faults.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Process } from '../process.ts';
import { quickDigest } from '../quick-digest.ts';
import type { SeededRandom } from '../random.ts';
import { SimulatedStore } from '../simulated-store.ts';
import type { RegionSpine } from '../spine/region-spine.ts';
import { SimulatedReadModel } from '../spine/simulated-read-model.ts';
import { NO_OUTLETS, openOutlets } from '../spine/ways-out.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Mutant } from './mutant.ts';
import type { SimulatedDependencies } from './simulated-dependencies.ts';

/** What environments are made of. */
export interface EnvironmentParts {
  readonly world: SimulatedWorld;
  readonly dice: FaultDice;
  /** Draws the times and faults of calls. */
  readonly calls: SeededRandom;
  /** Draws what the service itself draws: ids, waiting times. */
  readonly ids: SeededRandom;
  readonly stores: ReadonlyMap<string, MemoryStore>;
  readonly spines: ReadonlyMap<string, RegionSpine>;
  readonly mutant?: Mutant | undefined;
}

/** What an environment does. */
export type Role = 'api' | 'stream' | 'sweep' | 'orders';

/** Those that hand over what others are to hear of. */
const SENDERS: readonly Role[] = ['stream', 'sweep'];

/** A process with all that a Lambda environment keeps in memory: what it remembers dies with it. */
export interface Environment {
  readonly process: Process;
  readonly deps: SimulatedDependencies;
  readonly follow: ReturnType<typeof createDemandFollower>;
  /** When a call to a region was last lost, by region: to this process it was out of reach. */
  readonly lostAtMs: ReadonlyMap<string, number>;
}

/** Starts an environment in a process: the same wiring as in production, on simulated stores. */
export function openEnvironment(parts: EnvironmentParts, process: Process, role: Role): Environment {
  const { world, dice, calls, mutant, stores } = parts;
  const { region, clock } = process;
  const { regions } = world.network;
  const lostAtMs = new Map<string, number>();
  const onLost = (lost: string) => lostAtMs.set(lost, world.time.now());
  const open = (of: string): Store => {
    const memory = stores.get(of);
    if (memory === undefined) throw new Error(`There is no store in ${of}`);
    const store = new SimulatedStore({ world, dice, random: calls, process, onLost }, memory);
    return mutant?.store?.(store, { world, region, of }) ?? store;
  };
  const store = open(region);
  const spine = parts.spines.get(region);
  if (spine === undefined) throw new Error(`There is nothing behind the stream of ${region}`);
  const parties = { world, dice, random: calls, process, region };
  const readModel = new SimulatedReadModel(parties, spine.readModel);
  const replicas = createReplicas({ region, store }, { regions, clock, open });
  const tenants = createTenantDirectory({ store, replicas, regions });
  const plain: SimulatedDependencies = {
    store,
    replicas,
    tenants,
    regionStates: createRegionDirectory({ store, clock, region, regions }),
    locations: createLocationDirectory({ store, replicas, tenants, clock }),
    claims: createClaimDirectory(store, clock),
    readModel,
    stock: createStockDirectory(readModel, clock),
    clock,
    random: parts.ids.fork(process.name),
    digest: quickDigest,
    region,
    regions,
    sourcing: sourceByPriority,
    forecast: recentDemand,
    outlets: SENDERS.includes(role) ? openOutlets(parties, spine) : NO_OUTLETS,
    parking: spine.parking,
    messages: unsentMessages,
  };
  const deps = mutant?.dependencies?.(plain) ?? plain;
  return { process, deps, follow: createDemandFollower(deps), lostAtMs };
}
