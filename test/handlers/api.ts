import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type HttpDependencies, httpHandler } from '../../lambdas/http/http-handler.ts';
import { type AnyResult, type OperationRequest, operation } from '../../lambdas/http/operation.ts';
import type { LogMessage } from '../../lambdas/observability/log-messages.ts';
import type { LogFields } from '../../lambdas/observability/logger.ts';
import type { RequestMeasure } from '../../lambdas/observability/metrics.ts';
import { ROUTES, type RouteAccess } from '../../lib/config/routes.ts';
import { CONTRACTS } from '../../lib/contracts/endpoints.ts';
import type { ProblemDocument } from '../../lib/contracts/problem-document.ts';
import type { Principal } from '../../lib/domain/access.ts';
import { frontDoor } from './front-door.ts';
import { eventOf, type SentRequest } from './gateway-events.ts';
import { SAMPLE_ANSWERS } from './sample-answers.ts';
import { SAMPLE_REQUESTS } from './sample-requests.ts';

const tenant = (scopes: readonly ('read' | 'write' | 'admin')[]): Principal => ({
  kind: 'tenant',
  tenantId: 'acme',
  keyId: 'key-1',
  scopes,
  tier: 'standard',
});

/** The keys that exist. */
export const PRINCIPALS: Readonly<Record<string, Principal>> = {
  read: tenant(['read']),
  write: tenant(['write']),
  admin: tenant(['admin']),
  all: tenant(['read', 'write', 'admin']),
  operator: { kind: 'operator', keyId: 'key-0' },
};

const tokenFor = (access: RouteAccess): string => (access === 'operator' ? 'operator' : 'all');

type AnyRequest = OperationRequest<(typeof CONTRACTS)[number]>;

/** An answer, with its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: ProblemDocument & Record<string, unknown>;
}

function answerOf({ statusCode, headers = {}, body }: APIGatewayProxyResult): Answer {
  const isJson = String(headers['Content-Type']).includes('json');
  return { status: statusCode, headers, text: body, body: isJson ? JSON.parse(body) : {} };
}

/** Tells whose a token is; the tokens of the tests are the names of their principals. */
type Authenticate = (token: string) => Promise<Principal | undefined>;

/**
 * Every operation of the API behind the real authorizer and the real chain, with a use case that remembers what it was
 * asked and answers a sample.
 */
export function createApi(
  overrides: Partial<HttpDependencies> & { readonly authenticate?: Authenticate } = {},
) {
  const { authenticate = async (token) => PRINCIPALS[token], ...others } = overrides;
  const requests: { readonly operationId: string; readonly request: AnyRequest }[] = [];
  const logs: { readonly level: string; readonly message: LogMessage; readonly fields?: LogFields }[] = [];
  const errors: unknown[] = [];
  const measures: RequestMeasure[] = [];
  const results = new Map<string, AnyResult | (() => never)>(Object.entries(SAMPLE_ANSWERS));
  let ids = 0;
  const dependencies: HttpDependencies = {
    admit: async () => ({ admitted: true }),
    newRequestId: () => `made-${++ids}`,
    nowMs: () => 1_000,
    logger: {
      info: (message, fields = {}) => logs.push({ level: 'info', message, fields }),
      error: (message, fields = {}, error) => {
        logs.push({ level: 'error', message, fields });
        errors.push(error);
      },
    },
    metrics: { record: (measure) => measures.push(measure) },
    ...others,
  };
  const handler = httpHandler(
    dependencies,
    CONTRACTS.map((contract) =>
      operation(contract).runs(async (request) => {
        requests.push({ operationId: contract.operationId, request });
        const result = results.get(contract.operationId);
        return (typeof result === 'function' ? result() : result) as never;
      }),
    ),
  );
  const handle = (event: APIGatewayProxyEvent) => handler(event, { awsRequestId: 'aws-1' } as Context);
  const enter = frontDoor({ authenticate, stage: 'test', logger: dependencies.logger }, handle);
  const send = async (sent: SentRequest): Promise<Answer> => answerOf(await enter(eventOf(sent)));
  /** Sends a request to the function itself, as if its route had no authorizer. */
  const sendPast = async (sent: SentRequest): Promise<Answer> => answerOf(await handle(eventOf(sent)));
  /** Sends the sample request of an operation with some parts changed; a header of `[]` is left out. */
  const call = (operationId: string, changes: Partial<SentRequest> = {}): Promise<Answer> => {
    const route = ROUTES.find((candidate) => candidate.operationId === operationId);
    const sample = SAMPLE_REQUESTS[operationId];
    if (route === undefined || sample === undefined) throw new Error(`No such operation: ${operationId}`);
    const headers = {
      Authorization: `Bearer ${tokenFor(route.access)}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': 'key-of-the-request',
      ...changes.headers,
    };
    return send({ ...sample, ...changes, headers });
  };
  return { send, sendPast, call, requests, logs, errors, measures, results };
}

/** Failing paths of a problem. */
export const pathsOf = (answer: Answer): string[] => (answer.body.errors ?? []).map(({ path }) => path);
