import type { Outcome } from './environments/environment.ts';
import type { FunctionsHost } from './environments/region-functions.ts';
import { RegionFunctions } from './environments/region-functions.ts';
import { EventSource } from './event-sources/event-source.ts';
import { QueueSource } from './event-sources/queue-source.ts';
import { ApiGateway } from './gateway/api-gateway.ts';
import type { Principals } from './iam/principals.ts';
import { LoopbackServer } from './loopback-server.ts';
import { DatabaseProxy, newReachability, type RegionDatabase } from './proxy/database-proxy.ts';
import type { Faults } from './proxy/faults.ts';
import type { RegionQueues } from './queues/region-queues.ts';
import { RegionServices, type ServicesHost } from './region-services.ts';
import type { Replicator } from './replication/replicator.ts';
import { Scheduler } from './schedules/scheduler.ts';
import type { FunctionDefinition } from './template/functions.ts';
import type { RegionModel } from './template/region-model.ts';

export interface LocalRegionOptions {
  readonly model: RegionModel;
  /** Port of the API; 0: any that is free. */
  readonly port: number;
  readonly database: RegionDatabase;
  readonly databases: ReadonlyMap<string, RegionDatabase>;
  readonly faults: Faults;
  readonly host: FunctionsHost;
  readonly replicator: Replicator;
  readonly services: ServicesHost;
  readonly principals: Principals;
  /** `undefined`: there are none. */
  readonly queues: RegionQueues | undefined;
}

/** Every function that a route, its authorizer, a schedule, a stream, a queue or an event invokes. */
function invokedFunctions(model: RegionModel): FunctionDefinition[] {
  const { api, schedules, eventSources, queueSources, rules } = model;
  const scheduled = schedules.flatMap(({ targets }) => targets.map((target) => target.function));
  const fed = [...eventSources, ...queueSources].map((source) => source.function);
  const receivers = rules.flatMap(({ targets }) => targets.map(({ receiver }) => receiver));
  const told = receivers.flatMap((receiver) => (receiver.kind === 'function' ? [receiver.function] : []));
  const asked = api.routes.flatMap(({ authorizer }) => authorizer?.target ?? []);
  return [...api.routes.map(({ target }) => target), ...asked, ...scheduled, ...fed, ...told];
}

/** Gives events to functions by name, as the name under which the meter counts them too. */
type DeliverTo = (target: FunctionDefinition) => (event: unknown) => Promise<Outcome>;

function makeEventSources({ model, host, queues }: LocalRegionOptions, deliverTo: DeliverTo): EventSource[] {
  const { clock, onOutput } = host;
  return model.eventSources.map((definition) => {
    const { failureQueue, function: target } = definition;
    const sendFailure = async (message: object): Promise<void> => {
      if (failureQueue !== undefined) await queues?.send(failureQueue, JSON.stringify(message));
    };
    return new EventSource({ definition, clock, onOutput, invoke: deliverTo(target), sendFailure });
  });
}

function makeQueueSources({ model, host, queues }: LocalRegionOptions, deliverTo: DeliverTo): QueueSource[] {
  if (queues === undefined) return [];
  return model.queueSources.map((definition) => {
    const invoke = deliverTo(definition.function);
    const queue = queues.get(definition.queueName);
    return new QueueSource({ definition, queue, invoke, onOutput: host.onOutput });
  });
}

/** Everything of one region that runs: API, functions, schedules, event sources, buses, the way to the database. */
export class LocalRegion {
  readonly name: string;
  readonly eventSources: readonly EventSource[];
  readonly services: RegionServices;
  readonly queueSources: readonly QueueSource[];
  /** `undefined`: there are none. */
  readonly queues: RegionQueues | undefined;
  readonly #replicator: Replicator;
  readonly #database: RegionDatabase;
  readonly #proxy: DatabaseProxy;
  readonly #functions: RegionFunctions;
  readonly #gateway: ApiGateway;
  readonly #server: LoopbackServer;
  readonly #scheduler: Scheduler;
  #status: 'running' | 'stopped' = 'stopped';

  /** @throws TemplateError for a function whose bundle lacks its handler. */
  constructor(options: LocalRegionOptions) {
    const { model, port, database, host } = options;
    const { clock, meter } = host;
    this.name = model.region;
    this.queues = options.queues;
    this.#replicator = options.replicator;
    this.#database = database;
    this.#proxy = new DatabaseProxy({ ...options, own: database, meter });
    const functions = new RegionFunctions({
      host,
      definitions: invokedFunctions(model),
      endpointFor: (environmentId) => this.#proxy.endpointFor(environmentId),
      ownEndpoints: () => this.services.endpoints,
    });
    this.#functions = functions;
    const invoke = functions.invoke.bind(functions);
    const deliverTo: DeliverTo = (target) => (event) => invoke(target, { event, operation: target.name });
    this.eventSources = makeEventSources(options, deliverTo);
    this.queueSources = makeQueueSources(options, deliverTo);
    this.services = new RegionServices({
      model,
      host: options.services,
      clock,
      faults: options.faults,
      invoke: (target, event) => deliverTo(target)(event),
      onOutput: host.onOutput,
    });
    this.#gateway = new ApiGateway({ api: model.api, clock, invoke });
    this.#server = new LoopbackServer({ port, flag: '--port', listener: this.#gateway.handle });
    this.#scheduler = new Scheduler({
      region: model.region,
      schedules: model.schedules,
      clock,
      // A run that is given up because the region stops is nobody's failure.
      deliver: (target, event) => void functions.deliver(target.function, event).catch(() => undefined),
    });
  }

  get status(): 'running' | 'stopped' {
    return this.#status;
  }

  get port(): number {
    return this.#server.port;
  }

  /** Base address of the API. */
  get api(): string {
    return `${this.#server.url}/v1`;
  }

  get requestsInFlight(): number {
    return this.#gateway.inFlight;
  }

  /** Records of streams that event sources have not delivered yet. */
  get recordsWaiting(): number {
    return this.eventSources.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  environments(): ReturnType<RegionFunctions['counts']> {
    return this.#functions.counts();
  }

  /** Opens the API and starts schedules, event sources and replication. @throws StartupError when the port is taken. */
  async start(): Promise<void> {
    if (this.#status === 'running') return;
    if (this.#database.reachable.signal.aborted) this.#database.reachable = newReachability();
    await this.#proxy.open();
    await this.services.open();
    this.#functions.open();
    await this.#server.open();
    this.#status = 'running';
    if (this.queues !== undefined) this.queues.reachable = true;
    this.#scheduler.start();
    for (const source of [...this.eventSources, ...this.queueSources]) source.start();
    this.services.start();
    this.#replicator.connect(this.name);
  }

  /** Cuts the region off at once. The database process stays: DynamoDB loses nothing that it acknowledged. */
  async stop(): Promise<void> {
    this.#status = 'stopped';
    this.#scheduler.stop();
    for (const source of [...this.eventSources, ...this.queueSources]) source.stop();
    if (this.queues !== undefined) this.queues.reachable = false;
    this.#database.reachable.abort();
    const cut = this.#replicator.disconnect(this.name);
    // Deliveries stop first: that a function is killed now is not its failure.
    const silenced = this.services.stop();
    await Promise.all([this.#server.close(), this.#functions.close(), silenced, cut]);
  }

  /** Kills every environment in the middle of its work. Schedules and streams begin anew, so that work goes on. */
  async crash(): Promise<void> {
    await this.#functions.crash();
    if (this.#status === 'running') this.#scheduler.start();
    for (const source of this.eventSources) source.wake();
    this.services.wake();
  }

  /** Stops for good. */
  async dispose(): Promise<void> {
    await this.stop();
    for (const source of this.eventSources) source.dispose();
    await this.#functions.dispose();
    await this.services.dispose();
    await this.#proxy.close();
  }
}
