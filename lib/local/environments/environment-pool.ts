import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../template/functions.ts';
import type { Environment, Outcome } from './environment.ts';
import type { BudgetMember, EnvironmentBudget } from './environment-budget.ts';
import { WaitingLine } from './waiting-line.ts';

/** Two cores serve no more at once; further requests wait their turn. */
const MAX_ENVIRONMENTS_PER_FUNCTION = 4;
/** Lambda, too, replaces environments now and then; what a function keeps between requests must not matter. */
const MAX_INVOCATIONS_PER_ENVIRONMENT = 5_000;
/** More than this many waiting requests of one function are refused, as Lambda refuses what is over its limit. */
const MAX_WAITING = 1_000;
/** API Gateway gives up on a request after this time, so there is no use in starting it later. */
const MAX_WAIT_MS = 29_000;
const IDLE_TIMEOUT_MS = 300_000;
const IDLE_CHECK_MS = 30_000;

/** One event for a function. */
export interface Invocation {
  readonly event: unknown;
  /** The name under which the meter counts what the function does for this event. */
  readonly operation: string;
  /** Message of an error that is an answer, and worth no line on the output. @default every error is a failure */
  readonly answersByError?: string;
  /** Whose request it is: callers take turns while they wait. @default nobody's in particular */
  readonly caller?: string;
}

interface Waiting extends Invocation {
  readonly caller: string;
  readonly sinceMs: number;
  readonly resolve: (outcome: Outcome) => void;
}

export interface PoolOptions {
  readonly definition: FunctionDefinition;
  readonly budget: EnvironmentBudget;
  readonly startEnvironment: () => Environment;
  /** Called when an environment takes up an invocation, before the function sees it. */
  readonly onServe: (environmentId: string, operation: string) => void;
  /** Called when an environment has ended. */
  readonly onEnd: (environmentId: string) => void;
}

/** The environments of one function in one region: grown on demand, reused, replaced, ended when idle. */
export class EnvironmentPool implements BudgetMember {
  readonly definition: FunctionDefinition;
  readonly #options: PoolOptions;
  readonly #max: number;
  readonly #all = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiting = new WaitingLine<Waiting>();
  #starting = 0;
  readonly #idleCheck: NodeJS.Timeout;

  constructor(options: PoolOptions) {
    this.definition = options.definition;
    this.#options = options;
    this.#max = Math.min(MAX_ENVIRONMENTS_PER_FUNCTION, options.definition.reservedConcurrency ?? Infinity);
    options.budget.join(this);
    this.#idleCheck = setInterval(() => this.#endLongIdle(), IDLE_CHECK_MS).unref();
  }

  /** How many environments there are, and how many serve a request now. */
  get counts(): { readonly environments: number; readonly busy: number; readonly waiting: number } {
    const environments = this.#all.size;
    return {
      environments,
      busy: environments - this.#idle.length - this.#starting,
      waiting: this.#waiting.length,
    };
  }

  /** Invokes the function; never rejects. */
  invoke(invocation: Invocation): Promise<Outcome> {
    const environment = this.#idle.pop();
    if (environment !== undefined) return this.#serve(environment, invocation);
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve({ kind: 'throttled' });
    const outcome = new Promise<Outcome>((resolve) => {
      const { caller = '' } = invocation;
      this.#waiting.push({ ...invocation, caller, sinceMs: performance.now(), resolve });
    });
    this.grow();
    return outcome;
  }

  /** Kills every environment in the middle of whatever it does. Waiting invocations get new ones. */
  async crash(): Promise<void> {
    const killed = [...this.#all].map((environment) => this.#end(environment));
    this.grow();
    await Promise.all(killed);
  }

  /** Kills every environment and gives up what waits. The pool can be used again afterwards. */
  async close(): Promise<void> {
    for (const { resolve } of this.#waiting.clear()) resolve({ kind: 'crashed' });
    await this.crash();
  }

  /** Closes the pool for good. */
  async dispose(): Promise<void> {
    clearInterval(this.#idleCheck);
    await this.close();
  }

  grow(): void {
    while (this.#starting < this.#waiting.length && this.#all.size < this.#max) {
      if (!this.#options.budget.acquire(this)) return;
      this.#start();
    }
  }

  endOneIdle(): boolean {
    const longestIdle = this.#idle[0];
    if (longestIdle === undefined) return false;
    void this.#end(longestIdle);
    return true;
  }

  #start(): void {
    const environment = this.#options.startEnvironment();
    this.#all.add(environment);
    this.#starting += 1;
    void environment.loaded.then((failure) => {
      this.#starting -= 1;
      if (failure === undefined) {
        this.#next(environment);
        return;
      }
      const wasKilled = !this.#all.has(environment);
      void this.#end(environment);
      // A function that cannot be loaded fails the request that wanted it, or requests would wait for ever.
      if (!wasKilled) this.#waiting.shift()?.resolve(failure);
      this.grow();
    });
  }

  async #serve(environment: Environment, { event, operation }: Invocation): Promise<Outcome> {
    this.#options.onServe(environment.id, operation);
    const outcome = await environment.invoke(event, randomUUID());
    environment.served += 1;
    this.#next(environment);
    return outcome;
  }

  /** Gives the environment its next invocation, or lets it rest, or ends it. */
  #next(environment: Environment): void {
    if (environment.ended || environment.served >= MAX_INVOCATIONS_PER_ENVIRONMENT) {
      void this.#end(environment);
      this.grow();
      return;
    }
    for (let waiting = this.#waiting.shift(); waiting !== undefined; waiting = this.#waiting.shift()) {
      if (performance.now() - waiting.sinceMs < MAX_WAIT_MS) {
        void this.#serve(environment, waiting).then(waiting.resolve);
        return;
      }
      waiting.resolve({ kind: 'throttled' });
    }
    if (this.#options.budget.isWanted(this)) {
      void this.#end(environment);
      return;
    }
    environment.idleSinceMs = performance.now();
    this.#idle.push(environment);
  }

  async #end(environment: Environment): Promise<void> {
    if (!this.#all.delete(environment)) return;
    const index = this.#idle.indexOf(environment);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#options.budget.release();
    this.#options.onEnd(environment.id);
    await environment.kill();
  }

  #endLongIdle(): void {
    const before = performance.now() - IDLE_TIMEOUT_MS;
    for (const environment of this.#idle.filter(({ idleSinceMs }) => idleSinceMs < before)) {
      void this.#end(environment);
    }
  }
}
