import path from 'node:path';
import { createTables } from './database/create-tables.ts';
import { EnvironmentBudget } from './environments/environment-budget.ts';
import type { FunctionsHost } from './environments/region-functions.ts';
import type { QueueSender } from './event-bus/queue-sender.ts';
import { openAccess, partitionKeys, type StackAccess } from './iam/stack-access.ts';
import { LocalRegion } from './local-region.ts';
import { CallCosts } from './meter/call-costs.ts';
import type { Plan } from './plan.ts';
import { newReachability, type RegionDatabase } from './proxy/database-proxy.ts';
import { openQueues, type StackQueues } from './queues/stack-queues.ts';
import type { ServicesHost } from './region-services.ts';
import { Replicator } from './replication/replicator.ts';
import { openServicesHost } from './services-host.ts';
import type { Parts } from './start-parts.ts';
import { startParts } from './start-parts.ts';
import type { Past } from './streams/kept-streams.ts';
import { openStreams, type StackStreams } from './streams/stack-streams.ts';
import { readRegion } from './template/region-model.ts';
import {
  readTables,
  replicatedTables,
  type TableDefinition,
  type TablesByRegion,
} from './template/tables.ts';

/** Environments of all functions and regions together, each up to 40 MB: 1.5 GB with one region, 2.5 with three. */
const MAX_ENVIRONMENTS = 20;

/** Everything that runs, wired and not started; the databases are, with their tables. */
export interface Assembled {
  readonly parts: Parts;
  /** Tables of the first region. */
  readonly tables: readonly TableDefinition[];
  readonly databases: ReadonlyMap<string, RegionDatabase>;
  readonly regions: readonly LocalRegion[];
  readonly replicator: Replicator;
  readonly streams: StackStreams;
  readonly services: ServicesHost;
  /** `undefined`: no template has any. */
  readonly queues: StackQueues | undefined;
}

/** For templates without queues. */
const noQueues: QueueSender = {
  send: (queueArn) =>
    Promise.reject(Object.assign(new Error(`${queueArn} does not exist.`), { name: 'QueueDoesNotExist' })),
};

function makeDatabases({ databases }: Parts, tables: TablesByRegion): Map<string, RegionDatabase> {
  return new Map(
    [...databases].map(([region, { endpoint }]) => {
      const costs = new CallCosts(endpoint, tables.get(region) ?? []);
      const keys = partitionKeys(tables.get(region) ?? []);
      return [region, { region, endpoint, costs, keys, reachable: newReachability() }];
    }),
  );
}

function makeReplicator(
  { onOutput }: Plan,
  { databases, tables }: { databases: ReadonlyMap<string, RegionDatabase>; tables: TablesByRegion },
  past: Past,
): Replicator {
  const places = [...databases.values()].map(({ region, endpoint }) => {
    return { region, endpoint, tables: replicatedTables(region, tables) };
  });
  return new Replicator({ places, state: past.kept?.replication, onProblem: onOutput });
}

function makeHost(
  plan: Plan,
  parts: Parts,
  { queues, access }: { readonly queues: StackQueues | undefined; readonly access: StackAccess },
): FunctionsHost {
  const { options, clock, meter, onOutput } = plan;
  return {
    clock,
    meter,
    budget: new EnvironmentBudget(MAX_ENVIRONMENTS),
    // Beside the bundles that it belongs to, so that it goes when they go.
    compileCache: path.join(parts.synthesis.directory, 'compile-cache'),
    allOutput: options.allOutput ?? false,
    onOutput,
    endpoints: {
      AWS_ENDPOINT_URL_STS: access.endpoint,
      ...(queues !== undefined && { AWS_ENDPOINT_URL_SQS: queues.endpoint }),
    },
  };
}

async function makeRegions(
  plan: Plan,
  parts: Parts,
  rest: Pick<Assembled, 'databases' | 'replicator' | 'queues' | 'services'>,
): Promise<LocalRegion[]> {
  const { port, faults } = plan;
  const stacks = parts.synthesis.stacks.map((stack) => {
    return rest.queues === undefined ? stack : { ...stack, queueEndpoint: rest.queues.endpoint };
  });
  const models = [...rest.databases.keys()].map((region) => readRegion(stacks, region));
  const access = await openAccess(models, plan);
  const host = makeHost(plan, parts, { queues: rest.queues, access });
  const { principals } = access;
  const made = models.map(async (model, index) => {
    const database = rest.databases.get(model.region) as RegionDatabase;
    const queues = await rest.queues?.add(database.region, model.queues);
    const ownPort = port === 0 ? 0 : port + index;
    return new LocalRegion({ ...rest, principals, model, port: ownPort, database, faults, host, queues });
  });
  return Promise.all(made);
}

async function makeStreams(
  { onOutput }: Plan,
  made: Pick<Assembled, 'databases' | 'regions' | 'replicator'> & { readonly tables: TablesByRegion },
  past: Past,
): Promise<StackStreams> {
  const regions = made.regions.map(({ name, eventSources }) => {
    const streamed = eventSources.map(({ definition }) => definition.tableName);
    const tables = [...new Set([...replicatedTables(name, made.tables), ...streamed])];
    return { name, endpoint: made.databases.get(name)?.endpoint ?? '', tables, eventSources };
  });
  return openStreams({ regions, replicator: made.replicator, past, onOutput });
}

/**
 * Starts the databases and makes everything else, as the templates say.
 *
 * @param past what earlier runs have left in the data directory.
 */
export async function assemble(plan: Plan, past: Past): Promise<Assembled> {
  const { options, signal, resources } = plan;
  const { dataDir, synthesis = {} } = options;
  const parts = await startParts({ regions: plan.regions, dataDir, synthesis, signal }, resources);
  const { stacks } = parts.synthesis;
  const tables = new Map(plan.regions.map((region) => [region, readTables(stacks, region)]));
  const databases = makeDatabases(parts, tables);
  const replicator = makeReplicator(plan, { databases, tables }, past);
  const queues = await openQueues(stacks, dataDir, resources);
  const services = await openServicesHost({ dataDir, queues: queues ?? noQueues }, resources);
  const regions = await makeRegions(plan, parts, { databases, replicator, queues, services });
  const creations = [...databases.values()].map(({ endpoint, region }) =>
    createTables(endpoint, region, stacks),
  );
  await Promise.all(creations);
  const streams = await makeStreams(plan, { databases, regions, replicator, tables }, past);
  const [home = ''] = plan.regions;
  const rest = { replicator, streams, queues, services };
  return { parts, databases, regions, ...rest, tables: tables.get(home) ?? [] };
}
