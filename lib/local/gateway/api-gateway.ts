import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StackClock } from '../clock.ts';
import type { Outcome } from '../environments/environment.ts';
import type { Invocation } from '../environments/environment-pool.ts';
import type { FunctionDefinition } from '../template/functions.ts';
import type { ApiDefinition } from '../template/rest-api.ts';
import { FrontDoor, REFUSAL } from './front-door.ts';
import type { GatewayErrorType } from './gateway-error.ts';
import { gatewayError } from './gateway-error.ts';
import { proxyEvent } from './proxy-event.ts';
import type { GatewayAnswer } from './proxy-response.ts';
import { proxyResponse } from './proxy-response.ts';
import { readBody } from './request-body.ts';
import { RouteTable } from './route-table.ts';

/** Limits of API Gateway and Lambda. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const MAX_EVENT_BODY_CHARACTERS = 6 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 29_000;

const ERROR_OF_OUTCOME = {
  failed: 'FUNCTION_ERROR',
  crashed: 'FUNCTION_ERROR',
  timedOut: 'FUNCTION_ERROR',
  throttled: 'INTEGRATION_FAILURE',
} as const satisfies Record<Exclude<Outcome['kind'], 'result'>, GatewayErrorType>;

export interface ApiGatewayOptions {
  readonly api: ApiDefinition;
  readonly clock: StackClock;
  /** Invokes a function and waits for its outcome; never rejects. */
  readonly invoke: (target: FunctionDefinition, invocation: Invocation) => Promise<Outcome>;
}

/** Answers requests as API Gateway does for a REST API with authorizers, usage plans and Lambda proxies. */
export class ApiGateway {
  readonly #options: ApiGatewayOptions;
  readonly #routes: RouteTable;
  readonly #frontDoor: FrontDoor;
  #inFlight = 0;

  constructor(options: ApiGatewayOptions) {
    this.#options = options;
    this.#routes = new RouteTable(options.api.routes);
    // What an authorizer costs is its own, whoever it was asked for: the meter counts it as a function.
    const ask = async (target: FunctionDefinition, event: object) =>
      (await this.#invoke(target, { event, operation: target.name, answersByError: REFUSAL })) ??
      ({ kind: 'timedOut' } as const);
    this.#frontDoor = new FrontDoor({ ...options, ask });
  }

  /** Requests whose function has not finished; it may outlast the answer to the client. */
  get inFlight(): number {
    return this.#inFlight;
  }

  readonly handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const requestId = randomUUID();
    this.#answer(incoming, requestId)
      .then((answer) => send(outgoing, answer, requestId))
      // The client has gone, and with it the only one who wanted an answer.
      .catch(() => outgoing.destroy());
  };

  async #answer(incoming: IncomingMessage, requestId: string): Promise<GatewayAnswer> {
    const { api, clock } = this.#options;
    const url = incoming.url ?? '';
    const queryAt = url.indexOf('?');
    const path = queryAt < 0 ? url : url.slice(0, queryAt);
    if (!path.startsWith('/')) return this.#error('MALFORMED_REQUEST', requestId);
    const match = this.#routes.match(incoming.method ?? '', path);
    if (match === undefined) return this.#error('MISSING_AUTHENTICATION_TOKEN', requestId);
    const body = await readBody(incoming, MAX_REQUEST_BYTES);
    if (body === undefined) return this.#error('REQUEST_TOO_LARGE', requestId);
    const passage = await this.#frontDoor.admit({ incoming, path, route: match.route });
    if (typeof passage === 'string') return this.#error(passage, requestId);
    const query = queryAt < 0 ? '' : url.slice(queryAt + 1);
    const request = { incoming, path, query, body, requestId, receivedAtMs: clock.nowMs(), passage };
    const event = proxyEvent(request, match, api);
    if ((event.body?.length ?? 0) > MAX_EVENT_BODY_CHARACTERS) {
      return this.#error('REQUEST_TOO_LARGE', requestId);
    }
    const operation = `${incoming.method} ${match.route.resource}`;
    const caller = incoming.headers.authorization ?? '';
    const outcome = await this.#invoke(match.route.target, { event, operation, caller });
    return this.#toAnswer(outcome, incoming.headers.accept, requestId);
  }

  async #invoke(target: FunctionDefinition, invocation: Invocation): Promise<Outcome | undefined> {
    this.#inFlight += 1;
    const outcome = this.#options.invoke(target, invocation).finally(() => {
      this.#inFlight -= 1;
    });
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, INTEGRATION_TIMEOUT_MS, undefined);
    });
    const first = await Promise.race([outcome, timeout]);
    clearTimeout(timer);
    return first;
  }

  #toAnswer(outcome: Outcome | undefined, accept: string | undefined, requestId: string): GatewayAnswer {
    if (outcome === undefined) return this.#error('INTEGRATION_TIMEOUT', requestId);
    if (outcome.kind !== 'result') return this.#error(ERROR_OF_OUTCOME[outcome.kind], requestId);
    const { binaryMediaTypes } = this.#options.api;
    const answer = proxyResponse(outcome.value, { binaryMediaTypes, accept });
    return answer ?? this.#error('FUNCTION_ERROR', requestId);
  }

  #error(type: GatewayErrorType, requestId: string): GatewayAnswer {
    return gatewayError(type, requestId, this.#options.api.gatewayResponses);
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: GatewayAnswer, requestId: string): void {
  if (outgoing.destroyed) return;
  for (const [name, value] of headers) outgoing.appendHeader(name, value);
  outgoing.setHeader('x-amzn-RequestId', requestId);
  // A request that was not read to its end cannot be followed by another on the same connection.
  if (!outgoing.req.complete) {
    outgoing.setHeader('Connection', 'close');
    outgoing.req.resume();
  }
  if (status !== 204 && status !== 304) outgoing.setHeader('Content-Length', body.length);
  outgoing.writeHead(status).end(body);
}
