import type { FunctionsHost } from './environments/region-functions.ts';
import { RegionFunctions } from './environments/region-functions.ts';
import { ApiGateway } from './gateway/api-gateway.ts';
import { LoopbackServer } from './loopback-server.ts';
import { DatabaseProxy, newReachability, type RegionDatabase } from './proxy/database-proxy.ts';
import type { Faults } from './proxy/faults.ts';
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
}

/** Every function that a route or a schedule invokes. */
function invokedFunctions({ api, schedules }: LocalRegionOptions['model']): FunctionDefinition[] {
  const scheduled = schedules.flatMap(({ targets }) => targets.map((target) => target.function));
  return [...api.routes.map(({ target }) => target), ...scheduled];
}

/** Everything of one region that runs: API, functions, schedules, and the way to the database. */
export class LocalRegion {
  readonly name: string;
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
    this.#database = database;
    this.#proxy = new DatabaseProxy({ ...options, own: database, meter });
    const functions = new RegionFunctions({
      host,
      definitions: invokedFunctions(model),
      endpointFor: (environmentId) => this.#proxy.endpointFor(environmentId),
    });
    this.#functions = functions;
    const invoke = functions.invoke.bind(functions);
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

  environments(): ReturnType<RegionFunctions['counts']> {
    return this.#functions.counts();
  }

  /** Opens the API and starts the schedules. @throws StartupError when the port is taken. */
  async start(): Promise<void> {
    if (this.#status === 'running') return;
    if (this.#database.reachable.signal.aborted) this.#database.reachable = newReachability();
    await this.#proxy.open();
    this.#functions.open();
    await this.#server.open();
    this.#status = 'running';
    this.#scheduler.start();
  }

  /** Cuts the region off at once. The database process stays: DynamoDB loses nothing that it acknowledged. */
  async stop(): Promise<void> {
    this.#status = 'stopped';
    this.#scheduler.stop();
    this.#database.reachable.abort();
    await Promise.all([this.#server.close(), this.#functions.close()]);
  }

  /** Kills every environment in the middle of its work. The schedules begin anew, so that work goes on. */
  async crash(): Promise<void> {
    await this.#functions.crash();
    if (this.#status === 'running') this.#scheduler.start();
  }

  /** Stops for good. */
  async dispose(): Promise<void> {
    await this.stop();
    await this.#functions.dispose();
    await this.#proxy.close();
  }
}
