import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Logger } from '../observability/logger.ts';
import type { HttpMetrics } from '../observability/metrics.ts';
import { answerOf } from './answer.ts';
import { authentication } from './authentication.ts';
import { basePathOf } from './base-path.ts';
import { bodyReading } from './body-reading.ts';
import { conditionalRead } from './conditional-read.ts';
import { parseTagCondition } from './entity-tags.ts';
import { type HttpEvent, operationOf } from './exchange.ts';
import { failures } from './failures.ts';
import { listHeader } from './headers.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { inputValidation } from './input-validation.ts';
import { observation } from './observation.ts';
import { opening } from './opening.ts';
import type { BoundOperation } from './operation.ts';
import { preferencesOf } from './preferences.ts';
import { ProblemError, problemAnswer } from './problem.ts';
import { type Admit, rateLimit } from './rate-limit.ts';
import { operationFinder, routing } from './routing.ts';

/** What every HTTP function is given, besides what its operations need. */
export interface HttpDependencies {
  /** Says whether a tenant's request is within its rate. */
  readonly admit: Admit;
  /** A new id for a request that brings none: 1 to 64 of `A-Z a-z 0-9 -`. */
  readonly newRequestId: () => string;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly metrics: HttpMetrics;
}

export type HttpHandler = (event: APIGatewayProxyEvent, context?: Context) => Promise<APIGatewayProxyResult>;

/**
 * Middy would answer shortly before Lambda's timeout and let the request run on, into the time of the next
 * one. Lambda ends the environment instead, and the gateway says that the outcome is unknown.
 */
const NEVER = 0;

async function run(event: HttpEvent): Promise<APIGatewayProxyResult> {
  const { exchange } = event;
  const { contract, route, run: runOperation } = operationOf(exchange);
  if (exchange.namesNothing)
    throw new ProblemError({ problem: 'not_found', detail: 'There is no such thing.' });
  const conditions = {
    ifMatch: parseTagCondition(listHeader(event, 'if-match')),
    ifNoneMatch: parseTagCondition(listHeader(event, 'if-none-match')),
  };
  const result = await runOperation({
    ...exchange.input,
    ...conditions,
    principal: exchange.principal,
    idempotencyKey: exchange.idempotencyKey,
    prefer: preferencesOf(listHeader(event, 'prefer')),
    requestId: exchange.requestId,
    traceparent: exchange.traceparent,
    basePath: basePathOf(event, route),
  });
  if ('problem' in result) {
    exchange.problem = result.problem;
    return problemAnswer(result, exchange.requestId);
  }
  const answer = answerOf(contract, result);
  return route.method === 'GET' ? conditionalRead(answer, conditions) : answer;
}

/**
 * The handler of an HTTP function. The order of the chain is the order of precedence of `docs/errors.md`:
 * what stands first is answered first.
 */
export function httpHandler(
  dependencies: HttpDependencies,
  operations: readonly BoundOperation[],
): HttpHandler {
  const { admit, logger } = dependencies;
  return middy<HttpEvent, APIGatewayProxyResult, Error, Context>({ timeoutEarlyInMillis: NEVER })
    .use(opening({ ...dependencies, findOperation: operationFinder(operations) }))
    .use(observation(dependencies))
    .use(failures(logger))
    .use(routing)
    .use(authentication)
    .use(rateLimit(admit))
    .use(bodyReading)
    .use(inputValidation)
    .use(idempotencyKey)
    .handler(run) as unknown as HttpHandler;
}
