import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackClock } from '../clock.ts';
import type { Meter } from '../meter/meter.ts';
import type { FunctionDefinition } from '../template/functions.ts';
import { Environment, type Outcome } from './environment.ts';
import type { EnvironmentBudget } from './environment-budget.ts';
import { EnvironmentPool, type Invocation } from './environment-pool.ts';
import { findModule } from './find-module.ts';

/** Lambda waits this long before it tries a failed event again, and twice as long the next time. */
const ASYNC_RETRY_DELAY_MS = 60_000;

/** What the functions of all regions share. */
export interface FunctionsHost {
  readonly clock: StackClock;
  readonly meter: Meter;
  readonly budget: EnvironmentBudget;
  readonly compileCache: string;
  /** Addresses of services that functions use besides the database, as `AWS_ENDPOINT_URL_SQS`. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** True: everything that functions print is shown; false: warnings and errors. */
  readonly allOutput: boolean;
  readonly onOutput: (line: string) => void;
}

export interface RegionFunctionsOptions {
  readonly host: FunctionsHost;
  readonly definitions: readonly FunctionDefinition[];
  readonly endpointFor: (environmentId: string) => string;
  /** Addresses of services that each region has of its own; asked when an environment starts. */
  readonly ownEndpoints: () => Readonly<Record<string, string>>;
}

/** The functions of one region, each with its environments. */
export class RegionFunctions {
  readonly #options: RegionFunctionsOptions;
  readonly #pools = new Map<string, EnvironmentPool>();
  #accepts = true;
  #lifetime = new AbortController();

  /** @throws TemplateError for a function whose bundle lacks its handler. */
  constructor(options: RegionFunctionsOptions) {
    this.#options = options;
    for (const definition of options.definitions) {
      if (this.#pools.has(definition.arn)) continue;
      this.#pools.set(definition.arn, this.#newPool(definition));
    }
  }

  /** Invokes and waits for the outcome; never rejects. */
  async invoke(definition: FunctionDefinition, invocation: Invocation): Promise<Outcome> {
    const pool = this.#pools.get(definition.arn);
    if (pool === undefined || !this.#accepts) return { kind: 'crashed' };
    const outcome = await pool.invoke(invocation);
    const isAnswer = outcome.kind === 'failed' && outcome.error.errorMessage === invocation.answersByError;
    if (!isAnswer) this.#report(definition, outcome);
    return outcome;
  }

  /** Invokes as Lambda does for an event that nobody waits for: a failure is tried again after a while. */
  async deliver(definition: FunctionDefinition, event: unknown): Promise<void> {
    const { signal } = this.#lifetime;
    for (let attempt = 0; attempt <= definition.asyncRetries; attempt++) {
      if (attempt > 0) await sleep(ASYNC_RETRY_DELAY_MS * attempt, undefined, { signal, ref: false });
      const outcome = await this.invoke(definition, { event, operation: definition.name });
      if (outcome.kind === 'result' || signal.aborted) return;
    }
  }

  /** Kills every environment in the middle of whatever it does; the next event gets a new one. */
  async crash(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.crash()));
  }

  /** Kills every environment and takes no invocations until `open`. */
  async close(): Promise<void> {
    this.#accepts = false;
    this.#lifetime.abort();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  open(): void {
    this.#lifetime = new AbortController();
    this.#accepts = true;
  }

  async dispose(): Promise<void> {
    await this.close();
    await Promise.all([...this.#pools.values()].map((pool) => pool.dispose()));
  }

  counts(): ({ readonly function: string } & EnvironmentPool['counts'])[] {
    return [...this.#pools.values()].map((pool) => ({ function: pool.definition.name, ...pool.counts }));
  }

  #newPool(definition: FunctionDefinition): EnvironmentPool {
    const { host, endpointFor, ownEndpoints } = this.#options;
    const modulePath = findModule(definition);
    return new EnvironmentPool({
      definition,
      budget: host.budget,
      startEnvironment: () => {
        const id = randomUUID();
        host.meter.expect(id, definition.name);
        return new Environment({
          ...host,
          id,
          definition,
          modulePath,
          dynamoDbEndpoint: endpointFor(id),
          endpoints: { ...host.endpoints, ...ownEndpoints() },
        });
      },
      onServe: (environmentId, operation) => host.meter.begin(environmentId, operation),
      onEnd: (environmentId) => host.meter.forget(environmentId),
    });
  }

  #report({ name, timeoutSeconds, region }: FunctionDefinition, outcome: Outcome): void {
    const { onOutput } = this.#options.host;
    if (outcome.kind === 'failed') onOutput(`${name} in ${region} failed: ${outcome.error.trace}`);
    if (outcome.kind === 'timedOut') onOutput(`${name} in ${region} timed out after ${timeoutSeconds} s.`);
  }
}
