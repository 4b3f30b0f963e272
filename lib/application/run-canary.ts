/**
 * The canary: does through the public API of a region what a shop does all day, holds a unit and gives it back, and
 * looks at the answers. It knows nothing but the API, so it fails when a shop would.
 */
import { parseApiKey } from './api-key-format.ts';
import type { Clock, Randomness } from './ports.ts';

/** The hold ends by itself soon, so that no unit stays held whatever goes wrong behind it. */
const HOLD_SECONDS = 60;

/** More than it could ever hold at once, should releases fail for as long as a hold lasts. */
const UNITS_IN_STOCK = 100;

const REQUEST_ID_DIGITS = 32;

export type CanaryRequest = {
  readonly key: string;
  /** Also the idempotency key: each request of the canary is new. */
  readonly requestId: string;
} & (
  | { readonly operationId: 'putProduct' | 'putLocation'; readonly id: string; readonly body: object }
  | { readonly operationId: 'recordMovement' | 'reserveStock'; readonly body: object }
  | { readonly operationId: 'releaseReservation'; readonly id: string; readonly body: object }
);

/** What the API answered, as far as the canary looks at it. */
export interface CanaryAnswer {
  readonly status: number;
  /** Error code, of an answer that is a problem. */
  readonly problem?: string;
  readonly reservation?: {
    readonly reservationId: string;
    readonly status: string;
    readonly units: number;
  };
}

/** The public API of a region, as a client reaches it. */
export interface CanaryApi {
  /** @returns `undefined` when no answer came in time. */
  send(request: CanaryRequest): Promise<CanaryAnswer | undefined>;
}

/** The canary's own API key. */
export interface CanaryKey {
  /** @returns what the secret holds; `undefined`: there is no such secret, or it could not be read. */
  read(): Promise<string | undefined>;
  /** Has it read anew: what was read is not a key any more. */
  forget(): void;
}

export interface CanaryDependencies {
  readonly api: CanaryApi;
  readonly apiKey: CanaryKey;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly region: string;
}

/** Why a run failed: at which request, and what came back. */
export interface CanaryFailure {
  readonly operationId: CanaryRequest['operationId'];
  readonly requestId: string;
  readonly why: 'no_answer' | 'refused' | 'wrong_answer';
  readonly status?: number;
  readonly problem?: string;
}

export type CanaryRun =
  /** `latencyMs`: of the hold and its release together. */
  | { readonly outcome: 'succeeded'; readonly latencyMs: number }
  | { readonly outcome: 'failed'; readonly failure: CanaryFailure }
  /** There is no key to ask with. */
  | { readonly outcome: 'no_key' };

/** Ends a run. */
class Failed extends Error {
  override readonly name = 'Failed';
  readonly failure: CanaryFailure;

  constructor(failure: CanaryFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Its product and its place, one of each for each region: so a region depends on no other. */
const skuIn = (region: string): string => `canary-${region}`;

/** A request that is not addressed yet. */
type Unsent = CanaryRequest extends infer Request
  ? Request extends CanaryRequest
    ? Omit<Request, 'key' | 'requestId'>
    : never
  : never;

interface Exchange {
  readonly request: CanaryRequest;
  readonly answer: CanaryAnswer;
}

async function ask({ api, random }: CanaryDependencies, key: string, unsent: Unsent): Promise<Exchange> {
  const request: CanaryRequest = { ...unsent, key, requestId: random.hex(REQUEST_ID_DIGITS) };
  const answer = await api.send(request);
  const { operationId, requestId } = request;
  if (answer === undefined) throw new Failed({ operationId, requestId, why: 'no_answer' });
  return { request, answer };
}

function failureOf({ request, answer }: Exchange, why: CanaryFailure['why']): Failed {
  const { operationId, requestId } = request;
  const { status, problem } = answer;
  return new Failed({ operationId, requestId, why, status, ...(problem !== undefined && { problem }) });
}

/** @throws Failed when the answer is none of the good ones. */
function expectStatus(exchange: Exchange, ...statuses: readonly number[]): void {
  if (!statuses.includes(exchange.answer.status)) {
    throw failureOf(exchange, exchange.answer.status < 400 ? 'wrong_answer' : 'refused');
  }
}

/** Makes sure of product, place and stock. Each is a fact that is stated again, so a repetition does no harm. */
async function prepare(deps: CanaryDependencies, key: string): Promise<void> {
  const { region } = deps;
  const sku = skuIn(region);
  const product = { name: `Canary of ${region}` };
  expectStatus(await ask(deps, key, { operationId: 'putProduct', id: sku, body: product }), 200, 201);
  const place = { name: `Canary of ${region}`, region, type: 'canary' };
  expectStatus(await ask(deps, key, { operationId: 'putLocation', id: sku, body: place }), 200, 201);
  const counted = { type: 'count', sku, locationId: sku, quantity: UNITS_IN_STOCK };
  expectStatus(await ask(deps, key, { operationId: 'recordMovement', body: counted }), 201);
}

const hold = (deps: CanaryDependencies, key: string): Promise<Exchange> => {
  const sku = skuIn(deps.region);
  const lines = [{ sku, locationId: sku, quantity: 1 }];
  return ask(deps, key, { operationId: 'reserveStock', body: { lines, ttlSeconds: HOLD_SECONDS } });
};

/** What a hold is refused as while product, place or stock are not there yet. */
const NOT_PREPARED: readonly (string | undefined)[] = [
  'unknown_sku',
  'unknown_location',
  'insufficient_stock',
];

/** Holds a unit and gives it back. @returns how long that took. */
async function holdAndRelease(deps: CanaryDependencies, key: string): Promise<number> {
  let startedAtMs = deps.clock.now();
  let held = await hold(deps, key);
  if (NOT_PREPARED.includes(held.answer.problem)) {
    await prepare(deps, key);
    startedAtMs = deps.clock.now();
    held = await hold(deps, key);
  }
  expectStatus(held, 201);
  const { reservation } = held.answer;
  if (reservation?.status !== 'held' || reservation.units !== 1) throw failureOf(held, 'wrong_answer');
  const released = await ask(deps, key, {
    operationId: 'releaseReservation',
    id: reservation.reservationId,
    body: {},
  });
  expectStatus(released, 200);
  if (released.answer.reservation?.status !== 'released') throw failureOf(released, 'wrong_answer');
  return deps.clock.now() - startedAtMs;
}

async function attempt(deps: CanaryDependencies): Promise<CanaryRun> {
  const key = await deps.apiKey.read();
  // What is put into a secret before there is a key looks like none.
  if (key === undefined || parseApiKey(key) === undefined) return { outcome: 'no_key' };
  try {
    return { outcome: 'succeeded', latencyMs: await holdAndRelease(deps, key) };
  } catch (error) {
    if (error instanceof Failed) return { outcome: 'failed', failure: error.failure };
    throw error;
  }
}

/** Runs once. A key that is not known any more is read anew: it may have been changed a moment ago. */
export async function runCanary(deps: CanaryDependencies): Promise<CanaryRun> {
  const first = await attempt(deps);
  const isStale = first.outcome === 'no_key' || (first.outcome === 'failed' && first.failure.status === 401);
  if (!isStale) return first;
  deps.apiKey.forget();
  return first.outcome === 'no_key' ? first : attempt(deps);
}
