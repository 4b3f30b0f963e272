import path from 'node:path';
import { StackClock } from './clock.ts';
import { controlRoutes } from './control/control-routes.ts';
import { serveJson } from './control/json-route.ts';
import { createTables } from './database/create-tables.ts';
import type { EmbeddedStack, EmbeddedStackOptions } from './embedded-stack.ts';
import { EnvironmentBudget } from './environments/environment-budget.ts';
import type { FunctionsHost } from './environments/region-functions.ts';
import { LocalRegion } from './local-region.ts';
import { LoopbackServer } from './loopback-server.ts';
import { CallCosts } from './meter/call-costs.ts';
import { Meter } from './meter/meter.ts';
import { DEFAULT_CONTROL_PORT, DEFAULT_PORT, DEFAULT_REGIONS } from './options.ts';
import { newReachability, type RegionDatabase } from './proxy/database-proxy.ts';
import { Faults } from './proxy/faults.ts';
import type { SeedContext, SeedKeys } from './seed-context.ts';
import type { Parts } from './start-parts.ts';
import { startParts } from './start-parts.ts';
import { readRegion } from './template/region-model.ts';
import { readTables, type TableDefinition } from './template/tables.ts';

export type { EmbeddedStack, EmbeddedStackOptions } from './embedded-stack.ts';

/** Environments of all functions and regions together, each up to 40 MB: 1.5 GB with one region, 2.5 with three. */
const MAX_ENVIRONMENTS = 20;

/** The options with every default in place, and what the whole stack shares. */
interface Plan {
  readonly options: EmbeddedStackOptions;
  readonly regions: readonly string[];
  readonly port: number;
  readonly controlPort: number;
  readonly signal: AbortSignal;
  readonly clock: StackClock;
  readonly meter: Meter;
  readonly faults: Faults;
  /** What must be ended with the stack, in reverse order. */
  readonly resources: AsyncDisposableStack;
}

function makePlan(options: EmbeddedStackOptions): Plan {
  return {
    options,
    regions: options.regions ?? DEFAULT_REGIONS,
    port: options.port ?? DEFAULT_PORT,
    controlPort: options.controlPort ?? DEFAULT_CONTROL_PORT,
    signal: options.signal ?? new AbortController().signal,
    clock: new StackClock(),
    meter: new Meter(),
    faults: new Faults(),
    resources: new AsyncDisposableStack(),
  };
}

/** A port that is taken shows at once, not after the slow parts. */
async function checkPorts({ regions, port, controlPort }: Plan): Promise<void> {
  const apis = regions.map((_, index) => ({ port: port === 0 ? 0 : port + index, flag: '--port' }));
  for (const listen of [{ port: controlPort, flag: '--control-port' }, ...apis]) {
    const probe = new LoopbackServer({ ...listen, listener: (_, outgoing) => outgoing.destroy() });
    await probe.open();
    await probe.close();
  }
}

function makeDatabases(
  { regions }: Plan,
  { databases }: Parts,
  tables: readonly TableDefinition[],
): Map<string, RegionDatabase> {
  return new Map(
    regions.map((region) => {
      const endpoint = databases.get(region)?.endpoint ?? '';
      const costs = new CallCosts(endpoint, tables);
      return [region, { region, endpoint, costs, reachable: newReachability() }];
    }),
  );
}

function makeRegions(
  plan: Plan,
  parts: Parts,
  databases: ReadonlyMap<string, RegionDatabase>,
): LocalRegion[] {
  const { options, port, clock, meter, faults } = plan;
  const host: FunctionsHost = {
    clock,
    meter,
    budget: new EnvironmentBudget(MAX_ENVIRONMENTS),
    // Beside the bundles that it belongs to, so that it goes when they go.
    compileCache: path.join(parts.synthesis.directory, 'compile-cache'),
    allOutput: options.allOutput ?? false,
    onOutput: options.onOutput ?? ((line) => process.stderr.write(`${line}\n`)),
  };
  return [...databases.values()].map((database, index) => {
    const model = readRegion(parts.synthesis.stacks, database.region);
    const ownPort = port === 0 ? 0 : port + index;
    return new LocalRegion({ model, port: ownPort, database, databases, faults, host });
  });
}

async function seed({ options, signal }: Plan, context: SeedContext): Promise<SeedKeys | undefined> {
  if (options.seed === undefined) return undefined;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([options.seed(context), aborted]);
}

async function openControl(
  plan: Plan,
  regions: readonly LocalRegion[],
  {
    databases,
    parts,
    tables,
  }: { databases: ReadonlyMap<string, RegionDatabase>; parts: Parts; tables: readonly TableDefinition[] },
): Promise<LoopbackServer> {
  const { clock, faults, meter, options, controlPort, resources } = plan;
  const routes = controlRoutes({
    regions,
    clock,
    faults,
    meter,
    costs: [...databases.values()].map(({ costs }) => costs),
    databasePids: new Map([...parts.databases].map(([region, { pid }]) => [region, pid])),
    countDue: async (region) => {
      const databaseEndpoint = databases.get(region)?.endpoint ?? '';
      return options.countDue?.({ region, databaseEndpoint, tables, nowMs: clock.nowMs() }) ?? 0;
    },
  });
  const serve = serveJson(routes);
  const server = new LoopbackServer({
    port: controlPort,
    flag: '--control-port',
    listener: (incoming, outgoing) => void serve(incoming, outgoing),
  });
  resources.defer(() => server.close());
  await server.open();
  return server;
}

async function build(plan: Plan): Promise<EmbeddedStack> {
  const { options, signal, resources } = plan;
  const { dataDir, synthesis = {}, seedKind: kind = 'demo' } = options;
  await checkPorts(plan);
  const parts = await startParts({ regions: plan.regions, dataDir, synthesis, signal }, resources);
  const { stacks } = parts.synthesis;
  const [home = ''] = plan.regions;
  const tables = readTables(stacks, home);
  const databases = makeDatabases(plan, parts, tables);
  const regions = makeRegions(plan, parts, databases);
  resources.defer(async () => {
    await Promise.all(regions.map((region) => region.dispose()));
  });
  const creations = [...databases.values()].map(({ endpoint, region }) =>
    createTables(endpoint, region, stacks),
  );
  await Promise.all(creations);
  for (const region of regions) await region.start();
  const described = regions.map((region) => ({
    region: region.name,
    api: region.api,
    port: region.port,
    databaseEndpoint: databases.get(region.name)?.endpoint ?? '',
  }));
  const keys = await seed(plan, { kind, regions: described, tables, dataDir, signal });
  plan.meter.reset();
  const control = await openControl(plan, regions, { databases, parts, tables });
  signal.throwIfAborted();
  return { regions: described, tables, control: control.url, keys, stop: () => resources.disposeAsync() };
}

/**
 * Runs the whole system: synthesises the CDK app, starts a database process for each region, and runs what the
 * templates say. Resolves when every region answers and the seed is done.
 *
 * @throws StartupError for what its user can remedy, TemplateError for a template that cannot be run.
 */
export async function startEmbeddedStack(options: EmbeddedStackOptions = {}): Promise<EmbeddedStack> {
  const plan = makePlan(options);
  try {
    return await build(plan);
  } catch (cause) {
    await plan.resources.disposeAsync();
    throw cause;
  }
}
