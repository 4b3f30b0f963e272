import type { Assembled } from './assemble.ts';
import { assemble } from './assemble.ts';
import { controlRoutes } from './control/control-routes.ts';
import { serveJson } from './control/json-route.ts';
import type { EmbeddedRegion, EmbeddedStack, EmbeddedStackOptions } from './embedded-stack.ts';
import { LoopbackServer } from './loopback-server.ts';
import type { Plan } from './plan.ts';
import { makePlan } from './plan.ts';
import { dropKeptQueues } from './queues/kept-queues.ts';
import { untilReplicated } from './replication/until-replicated.ts';
import type { SeedContext, SeedKeys } from './seed-context.ts';
import { dropKept, keep, readPast } from './streams/kept-streams.ts';

export type { EmbeddedStack, EmbeddedStackOptions } from './embedded-stack.ts';

/** A port that is taken shows at once, not after the slow parts. */
async function checkPorts({ regions, port, controlPort }: Plan): Promise<void> {
  const apis = regions.map((_, index) => ({ port: port === 0 ? 0 : port + index, flag: '--port' }));
  for (const listen of [{ port: controlPort, flag: '--control-port' }, ...apis]) {
    const probe = new LoopbackServer({ ...listen, listener: (_, outgoing) => outgoing.destroy() });
    await probe.open();
    await probe.close();
  }
}

async function seed({ options, signal }: Plan, context: SeedContext): Promise<SeedKeys | undefined> {
  if (options.seed === undefined) return undefined;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([options.seed(context), aborted]);
}

async function openControl(plan: Plan, assembled: Assembled): Promise<LoopbackServer> {
  const { clock, faults, meter, options, controlPort, resources } = plan;
  const { databases, parts, tables, regions, replicator, streams, services, queues } = assembled;
  const routes = controlRoutes({
    regions,
    replicator,
    streams,
    events: services.log,
    analyticsDirectory: services.analyticsDirectory,
    queueEndpoint: queues?.endpoint,
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

/** Starts what was assembled, so that it ends with the stack: regions first, then what they have written is read. */
async function startRegions(
  { options, resources }: Plan,
  { regions, streams, databases }: Assembled,
): Promise<EmbeddedRegion[]> {
  const { dataDir } = options;
  resources.defer(async () => {
    const kept = await streams.stop();
    if (dataDir !== undefined) await keep(dataDir, kept);
  });
  resources.defer(async () => {
    await Promise.all(regions.map((region) => region.dispose()));
  });
  await Promise.all([dropKept(dataDir), dropKeptQueues(dataDir)]);
  streams.start();
  for (const region of regions) await region.start();
  return regions.map((region) => ({
    region: region.name,
    api: region.api,
    port: region.port,
    databaseEndpoint: databases.get(region.name)?.endpoint ?? '',
  }));
}

async function build(plan: Plan): Promise<EmbeddedStack> {
  const { options, signal, resources } = plan;
  const { dataDir, seedKind: kind = 'demo' } = options;
  await checkPorts(plan);
  const past = await readPast(dataDir);
  const assembled = await assemble(plan, past);
  if (past.exists && past.kept === undefined) {
    plan.onOutput(
      `The last run in ${dataDir} did not end in order: what it did not replicate or deliver is lost.`,
    );
  }
  const { tables, streams, replicator } = assembled;
  const regions = await startRegions(plan, assembled);
  const replicated = () => untilReplicated(streams, replicator);
  const keys = await seed(plan, { kind, regions, tables, dataDir, signal, replicated });
  plan.meter.reset();
  const control = await openControl(plan, assembled);
  signal.throwIfAborted();
  return { regions, tables, control: control.url, keys, stop: () => resources.disposeAsync() };
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
