import { performance } from 'node:perf_hooks';
import type { Clock, Randomness } from '../../application/ports.ts';
import { Slots } from '../slots.ts';
import { type HttpAnswer, type HttpRequest, NoAnswerError, type Transport } from './transport.ts';

/** The first wait, at most; it doubles with each attempt. */
const FIRST_WAIT_MS = 50;
/** The longest wait of our own choice: environments that were crashed are back within seconds. */
const WAIT_MAX_MS = 3_000;
/** A server may ask for more patience than this; we would rather ask again. */
const RETRY_AFTER_MAX_MS = 10_000;
/** A service that is crashed again and again gets this long to answer one request. */
const PATIENCE_MS = 300_000;

/** Too much at once, or no telling whether it took effect: the same key finds out. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** A request that never got an answer that says what became of it. */
export class OutOfPatienceError extends Error {
  override readonly name = 'OutOfPatienceError';
}

/** What a request did on its way to an answer. */
export interface Sent {
  /** From the first attempt to the answer. */
  readonly milliseconds: number;
  readonly retries: number;
}

export interface PatientClientSettings {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Pick<Randomness, 'fraction'>;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** @default PATIENCE_MS */
  readonly patienceMs?: number;
  readonly onSent?: (operation: string, sent: Sent) => void;
}

export interface PatientClient {
  /**
   * Sends until there is an answer that is worth having. Every request must be one that may be repeated.
   *
   * @param operation the name it is measured under.
   * @throws OutOfPatienceError, or the error that `abort` was called with.
   */
  send(operation: string, request: HttpRequest): Promise<HttpAnswer>;
  /** Lets every request that is not answered by its attempt under way fail with the error. */
  abort(error: unknown): void;
}

type Attempt =
  | { readonly answer: HttpAnswer }
  | { readonly why: string; readonly retryAfterSeconds?: number | undefined };

const describe = ({ method, path }: HttpRequest): string => `${method} ${path}`;

async function attempt(transport: Transport, request: HttpRequest): Promise<Attempt> {
  try {
    const answer = await transport.send(request);
    if (!RETRYABLE_STATUSES.has(answer.status)) return { answer };
    return { why: `status ${answer.status}`, retryAfterSeconds: answer.retryAfterSeconds };
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return { why: error.message };
  }
}

/** A random wait, so that those who were cut off together do not come back together; but as long as asked for. */
function waitMs(attempts: number, retryAfterSeconds: number | undefined, fraction: number): number {
  const own = fraction * Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** attempts);
  return Math.min((retryAfterSeconds ?? 0) * 1000, RETRY_AFTER_MAX_MS) + own;
}

/** A client that retries under the same key until it knows what became of a request. */
export function createPatientClient(settings: PatientClientSettings): PatientClient {
  const { transport, clock, random, concurrency, patienceMs = PATIENCE_MS, onSent } = settings;
  const slots = new Slots(concurrency);
  const abortion = Promise.withResolvers<void>();
  let aborted: { readonly error: unknown } | undefined;

  async function persist(operation: string, request: HttpRequest): Promise<HttpAnswer> {
    const startedMs = performance.now();
    for (let attempts = 0; ; attempts += 1) {
      if (aborted !== undefined) throw aborted.error;
      const result = await attempt(transport, request);
      const milliseconds = performance.now() - startedMs;
      if ('answer' in result) {
        onSent?.(operation, { milliseconds, retries: attempts });
        return result.answer;
      }
      if (milliseconds > patienceMs) {
        const tries = `${attempts + 1} attempts in ${Math.round(milliseconds / 1000)} s`;
        throw new OutOfPatienceError(
          `${describe(request)} got no answer in ${tries}; the last one: ${result.why}. Is the service up?`,
        );
      }
      const wait = clock.sleep(waitMs(attempts, result.retryAfterSeconds, random.fraction()));
      await Promise.race([wait, abortion.promise]);
    }
  }

  return {
    send: (operation, request) => slots.use(() => persist(operation, request)),
    abort: (error) => {
      aborted ??= { error };
      abortion.resolve();
    },
  };
}
