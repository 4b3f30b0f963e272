/** Each tenant's own rate in a region: a bucket that its environments share, and spend from in slices. */
import { type BucketRate, planTake, type Take, tokensAtMs, tokensIn } from '../domain/token-bucket.ts';
import { gapAfter, SLICE_KEPT_MS, sliceSize } from '../domain/token-slice.ts';
import type { Clock, Randomness } from './ports.ts';
import { StoreUnavailableError } from './ports.ts';
import type { RateBuckets, Taken } from './rate-ports.ts';

/** Takes for one request: a belief that was wrong, fewer tokens than hoped for, and others who were quicker. */
const TAKES_MAX = 3;

/** Tenants remembered in one environment; the one that asked longest ago is forgotten first. */
const TENANTS_MAX = 1000;

/** A bucket that cannot be reached is not asked again for so long: requests must not wait for it one by one. */
const UNREACHABLE_MS = 1000;

/**
 * Who finds the bucket empty again and again shares it with many who do, and asks less and less often, so that a flood
 * from a thousand environments is no flood of takes: for this long after the second time, then twice as long each time,
 * up to 0.8 s.
 */
const LOOK_AWAY_MS = 25;
const PRESSURE_MAX = 6;

/** How much one answer counts among those before it. */
const LEARNING = 0.2;

/** `unchecked`: the bucket could not be reached, and nobody is refused for that. */
export type Admission =
  | { readonly admitted: true; readonly unchecked?: true }
  | { readonly admitted: false; readonly retryAfterMs: number };

export interface RateLimiterDependencies {
  readonly buckets: RateBuckets;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Randomness, 'fraction'>;
}

/** What an environment remembers of a tenant. */
interface Known {
  /** Tokens of the last slice, and until when they may be spent. */
  tokens: number;
  spendByMs: number;
  fullAtMs: number | undefined;
  /** Before this time the bucket is empty, as far as is known. */
  emptyUntilMs: number;
  /** How many times more often the bucket was found empty than not, lately. */
  pressure: number;
  /** The share of questions that found the bucket lacking tokens, lately. */
  lacking: number;
  /** Before this time it is not asked, because it could not be reached. */
  unreachableUntilMs: number;
  lastMs: number | undefined;
  gapMs: number | undefined;
}

const newlyKnown = (): Known => ({
  tokens: 0,
  spendByMs: 0,
  fullAtMs: undefined,
  emptyUntilMs: 0,
  pressure: 0,
  lacking: 0,
  unreachableUntilMs: 0,
  lastMs: undefined,
  gapMs: undefined,
});

const ADMITTED: Admission = { admitted: true };

/** One request's question to a bucket. */
interface Asked {
  readonly tenantId: string;
  readonly rate: BucketRate;
  readonly atMs: number;
  /** Tokens that are wished for. */
  readonly wish: number;
  /** Tokens that are worth a call: one, unless the tenant is known to be over its rate. */
  readonly least: number;
}

/** Learns from an answer how often the bucket lacks tokens by the time it is asked. */
function learn(known: Known, take: Take, { outcome, fullAtMs }: Taken): void {
  const lacked = outcome === 'taken' ? take.from === 'lacking' : (fullAtMs ?? 0) >= take.atMs;
  known.lacking += ((lacked ? 1 : 0) - known.lacking) * LEARNING;
  known.fullAtMs = fullAtMs;
}

/** Takes tokens: as many as are wished for, or fewer if there are fewer. @returns how many. */
async function takeTokens({ buckets }: RateLimiterDependencies, known: Known, asked: Asked): Promise<number> {
  const { tenantId, rate, atMs, least } = asked;
  let { wish } = asked;
  for (let attempt = 0; attempt < TAKES_MAX && wish >= least; attempt += 1) {
    const guess = attempt === 0 && known.lacking > 0.5 ? 'lacking' : 'full';
    const take = planTake(rate, { fullAtMs: known.fullAtMs, atMs, guess }, wish);
    const taken = await buckets.take(tenantId, take);
    learn(known, take, taken);
    if (taken.outcome === 'taken') return wish;
    wish = Math.min(wish, tokensIn(rate, taken.fullAtMs, atMs));
  }
  return 0;
}

/** Notes that the bucket is empty, and until when that need not be asked again. */
function noteEmpty({ random }: RateLimiterDependencies, known: Known, { rate, atMs, least }: Asked): void {
  const tokensMs = tokensAtMs(rate, known.fullAtMs ?? atMs, least);
  const awayMs = known.pressure === 0 ? 0 : LOOK_AWAY_MS * 2 ** (known.pressure - 1);
  // At random, so that those who found it empty at once do not ask again at once.
  known.emptyUntilMs = Math.max(tokensMs, atMs + awayMs * (0.5 + random.fraction() / 2));
  known.pressure = Math.min(PRESSURE_MAX, known.pressure + 1);
}

/** Asks the bucket, unless what is known suffices. */
async function admit(
  deps: RateLimiterDependencies,
  known: Known,
  { tenantId, rate }: { readonly tenantId: string; readonly rate: BucketRate },
): Promise<Admission> {
  const atMs = deps.clock.now();
  known.gapMs = gapAfter(known.gapMs, known.lastMs, atMs);
  known.lastMs = atMs;
  if (known.tokens > 0 && atMs < known.spendByMs) {
    known.tokens -= 1;
    return ADMITTED;
  }
  if (atMs < known.emptyUntilMs) return { admitted: false, retryAfterMs: known.emptyUntilMs - atMs };
  if (atMs < known.unreachableUntilMs) return { admitted: true, unchecked: true };
  const wish = sliceSize(rate, known.gapMs);
  const least = known.pressure === 0 ? 1 : Math.ceil(wish / 2);
  const asked: Asked = { tenantId, rate, atMs, wish, least };
  const tokens = await takeTokens(deps, known, asked);
  if (tokens === 0) {
    noteEmpty(deps, known, asked);
    return { admitted: false, retryAfterMs: Math.max(0, known.emptyUntilMs - atMs) };
  }
  known.pressure = Math.max(0, known.pressure - 1);
  known.tokens = tokens - 1;
  known.spendByMs = atMs + SLICE_KEPT_MS;
  return ADMITTED;
}

/**
 * Makes the function that says whether a tenant's request is served. A request costs no call while the environment has
 * tokens left, and none while it knows that there are none.
 */
export function createRateLimiter(deps: RateLimiterDependencies) {
  const tenants = new Map<string, Known>();

  const knownOf = (tenantId: string): Known => {
    const known = tenants.get(tenantId) ?? newlyKnown();
    tenants.delete(tenantId);
    tenants.set(tenantId, known);
    const [oldest] = tenants.keys();
    if (tenants.size > TENANTS_MAX && oldest !== undefined) tenants.delete(oldest);
    return known;
  };

  return async (tenantId: string, rate: BucketRate): Promise<Admission> => {
    const known = knownOf(tenantId);
    try {
      return await admit(deps, known, { tenantId, rate });
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      known.unreachableUntilMs = deps.clock.now() + UNREACHABLE_MS;
      return { admitted: true, unchecked: true };
    }
  };
}
