import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Principal } from '../../lib/domain/access.ts';
import type { BoundOperation } from './operation.ts';
import type { ParsedJson } from './strict-json.ts';

/** What the parameters and the body of a request were parsed to. */
export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What the chain has found out about a request so far; each middleware adds its part. */
export interface Exchange {
  readonly requestId: string;
  /** Valid trace context of the caller (W3C), if any. */
  readonly traceparent: string | undefined;
  readonly startedAtMs: number;
  /** `undefined` when no route of this function matches. */
  readonly operation: BoundOperation | undefined;
  principal?: Principal;
  /** The tenant's bucket could not be asked, and the request was let through. */
  isUnchecked?: true;
  json?: ParsedJson;
  input?: Input;
  /** A path parameter cannot be the id of anything. */
  namesNothing?: boolean;
  idempotencyKey?: string;
  /** Error code of the answer, once it is a problem. */
  problem?: string;
}

/** The event of API Gateway, and what the chain makes of it. */
export type HttpEvent = APIGatewayProxyEvent & { exchange: Exchange };

export type HttpRequest = middy.Request<HttpEvent, APIGatewayProxyResult, Error, Context>;
export type HttpMiddleware = middy.MiddlewareObj<HttpEvent, APIGatewayProxyResult, Error, Context>;

/** The operation of a request that was routed: the chain ends in `routing` for all others. */
export function operationOf({ operation }: Exchange): BoundOperation {
  if (operation === undefined) throw new Error('A request went on without an operation.');
  return operation;
}
