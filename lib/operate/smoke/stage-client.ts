import type { Clock } from '../../application/ports.ts';

/** A function ends after 10 s at the latest; what has not answered then never will. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A stage that was just deployed starts its functions; more than this is a stage that does not answer. */
const ATTEMPTS_MAX = 4;
const WAIT_MS = 500;
const WAIT_MAX_MS = 5_000;

/** Too much at once, or a region that is out of reach: the same request may be answered in a moment. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);

const MS_PER_SECOND = 1000;

export interface StageRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the API's base. */
  readonly path: string;
  readonly key?: string | undefined;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

export interface StageAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` when it is no JSON. */
  readonly body: unknown;
}

/** What a stage answers, headers and all. Every request must be one that may be repeated. */
export type AskStage = (request: StageRequest) => Promise<StageAnswer>;

/** No connection, or no answer in time. */
class NoStageError extends Error {
  override readonly name = 'NoStageError';
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway in trouble answers in HTML; the status says what is wrong.
    return undefined;
  }
};

function headersOf({ key, body, idempotencyKey }: StageRequest): Record<string, string> {
  return {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
};

async function send(api: string, request: StageRequest): Promise<StageAnswer> {
  const { method, path, body } = request;
  try {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: headersOf(request),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: parse(await response.text()) };
  } catch (cause) {
    throw new NoStageError(`${api} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

function waitMs({ headers }: StageAnswer): number {
  const asked = Number(headers.get('retry-after') ?? 0) * MS_PER_SECOND;
  return Math.min(WAIT_MAX_MS, Math.max(WAIT_MS, Number.isFinite(asked) ? asked : 0));
}

/** @returns how to ask the API at an address; what is busy is asked again, a few times. */
export const stageAt =
  (api: string, clock: Pick<Clock, 'sleep'>): AskStage =>
  async (request) => {
    let answer = await send(api, request);
    for (let attempt = 1; attempt < ATTEMPTS_MAX && BUSY.has(answer.status); attempt += 1) {
      await clock.sleep(waitMs(answer));
      answer = await send(api, request);
    }
    return answer;
  };
