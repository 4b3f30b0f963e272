import type { Caller } from '../../application/ports.ts';
import type { Result } from '../../domain/rejection.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { REGIONS } from '../cluster/cluster.ts';
import type { Environment } from '../cluster/environment.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import type { SeededRandom } from '../random.ts';
import type { Words } from '../trace.ts';

/** When and how an answer came. */
export interface Telling {
  /** When it was asked for the first time, and for the last. */
  readonly firstSentAtMs: number;
  readonly sentAtMs: number;
  /** Asked before, without an answer. */
  readonly isRetry: boolean;
  readonly environment: Environment;
}

/** Something a client asks for, under one idempotency key. */
export interface Operation<Value> {
  /** For readers of a trace. */
  readonly what: string;
  readonly key: string;
  readonly run: (deps: SimulatedDependencies) => Promise<Result<Value>>;
  /** Before each request. */
  readonly asking?: (deps: SimulatedDependencies) => void;
  /** An answer that will stay. */
  readonly told: (result: Result<Value>, telling: Telling) => void;
  /** Says what was answered, for readers of a trace. */
  readonly describe?: (value: Value) => string;
}

/** `undefined`: it is not known what became of it. */
export type Outcome<Value> = Result<Value> | undefined;

export interface Persistence {
  readonly region: string;
  readonly attempts?: number;
}

const ATTEMPTS = 4;
/** Someone whose request fails asks again after about this long. */
const PATIENCE_MS = 2_000;
/** A retry that goes to another region, as a client does whose region is down. */
const ELSEWHERE = 0.35;
/** After the repair everything must be answered within so many attempts. */
const LAST_ATTEMPTS = 30;

/** Nothing was changed, and asking again may help. */
const isTemporary = <Value>(result: Result<Value>): boolean =>
  !result.ok && (result.rejection.code === 'contended' || result.rejection.code === 'region_unavailable');

/** Asks, and asks again under the same key, here or in another region, as clients do. */
export class Client {
  readonly caller: Caller;
  /** Requests sent. */
  requests = 0;
  readonly #cluster: Cluster;
  readonly #random: SeededRandom;
  readonly #open: { readonly finish: () => Promise<unknown> }[] = [];

  constructor(cluster: Cluster, random: SeededRandom, caller: Caller) {
    this.#cluster = cluster;
    this.#random = random;
    this.caller = caller;
  }

  get random(): SeededRandom {
    return this.#random;
  }

  now(): number {
    return this.#cluster.world.time.now();
  }

  sleep(milliseconds: number): Promise<void> {
    return this.#cluster.world.time.sleep(milliseconds);
  }

  async perform<Value>(
    operation: Operation<Value>,
    { region: first, attempts = ATTEMPTS }: Persistence,
  ): Promise<Outcome<Value>> {
    const firstSentAtMs = this.now();
    let region = first;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const result = await this.#attempt(operation, region, { firstSentAtMs, isRetry: attempt > 0 });
      if (result !== undefined) return result;
      await this.sleep(this.#random.exponential(PATIENCE_MS));
      if (this.#random.chance(ELSEWHERE)) region = this.#random.pick(REGIONS);
    }
    this.#open.push({ finish: () => this.#finish(operation, firstSentAtMs) });
    return undefined;
  }

  /** Asks for everything that was never answered, until it is. Ends the run if that does not help. */
  async finishAll(): Promise<void> {
    for (let next = this.#open.shift(); next !== undefined; next = this.#open.shift()) await next.finish();
  }

  async #finish<Value>(operation: Operation<Value>, firstSentAtMs: number): Promise<void> {
    for (let attempt = 0; attempt < LAST_ATTEMPTS; attempt += 1) {
      const region = this.#random.pick(REGIONS);
      const result = await this.#attempt(operation, region, { firstSentAtMs, isRetry: true });
      if (result !== undefined) return;
      await this.sleep(PATIENCE_MS);
    }
    this.#cluster.fail(`${operation.what} is not answered, though everything is repaired`);
  }

  async #attempt<Value>(
    operation: Operation<Value>,
    region: string,
    asked: Pick<Telling, 'firstSentAtMs' | 'isRetry'>,
  ): Promise<Outcome<Value>> {
    const sentAtMs = this.now();
    this.requests += 1;
    this.#note([operation.what, region, 'asks']);
    const answer = await this.#cluster.request(region, (deps) => {
      operation.asking?.(deps);
      return operation.run(deps);
    });
    if (!answer.answered) {
      this.#note([operation.what, region, 'hears nothing']);
      return undefined;
    }
    const { value: result, environment } = answer;
    this.#note([operation.what, region, result.ok ? 'is told' : result.rejection.code], () =>
      result.ok ? (operation.describe?.(result.value) ?? '') : result.rejection.detail,
    );
    if (isTemporary(result)) return undefined;
    operation.told(result, { ...asked, sentAtMs, environment });
    return result;
  }

  #note(words: Words, details?: () => string): void {
    const { trace, time } = this.#cluster.world;
    trace.note(time.now(), ['client', ...words], details);
  }
}
