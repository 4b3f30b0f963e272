import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { LOCAL_ACCOUNT } from '../template/cloudformation.ts';
import type { ApiDefinition } from '../template/rest-api.ts';
import type { Passage } from './front-door.ts';
import { isBinary } from './media-types.ts';
import type { RouteMatch } from './route-table.ts';

/** A request as the gateway has read it. */
export interface GatewayRequest {
  readonly incoming: IncomingMessage;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly requestId: string;
  /** By the clock of the stack. */
  readonly receivedAtMs: number;
  readonly passage: Passage;
}

/** They concern the connection, or are set anew by the gateway. */
const DROPPED_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `09/Apr/2015:12:34:56 +0000`, the format of web servers' logs. */
function requestTime(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** Values by name; names keep the spelling in which they came first. */
function collectHeaders(incoming: IncomingMessage): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  const spelling = new Map<string, string>();
  const { rawHeaders, socket } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const key = name.toLowerCase();
    if (DROPPED_HEADERS.has(key)) continue;
    const known = spelling.get(key) ?? name;
    spelling.set(key, known);
    values[known] ??= [];
    values[known].push(rawHeaders[index + 1] ?? '');
  }
  const forwardedFor = spelling.get('x-forwarded-for');
  const proxies = forwardedFor === undefined ? [] : (values[forwardedFor] ?? []);
  values[forwardedFor ?? 'X-Forwarded-For'] = [[...proxies, socket.remoteAddress ?? ''].join(', ')];
  values['X-Forwarded-Port'] = [String(socket.localPort ?? '')];
  values['X-Forwarded-Proto'] = ['http'];
  if (!spelling.has('x-amzn-trace-id')) values['X-Amzn-Trace-Id'] = [newTrace()];
  return values;
}

function newTrace(): string {
  const id = randomUUID().replaceAll('-', '');
  return `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${id.slice(0, 24)}`;
}

/** With several values of a name, the single-value form has the last. */
function lastOfEach(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? '']));
}

function collectQuery(query: string): Record<string, string[]> | null {
  if (query === '') return null;
  const values: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] ??= [];
    values[name].push(value);
  }
  return values;
}

function requestContext(
  request: GatewayRequest,
  { route }: RouteMatch,
  api: ApiDefinition,
): APIGatewayProxyEvent['requestContext'] {
  const { incoming, path, requestId, receivedAtMs, passage } = request;
  return {
    accountId: LOCAL_ACCOUNT,
    apiId: api.apiId,
    authorizer: passage.authorizer,
    domainName: incoming.headers.host ?? '',
    domainPrefix: api.apiId,
    extendedRequestId: requestId,
    httpMethod: incoming.method ?? '',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: passage.key?.value ?? null,
      apiKeyId: passage.key?.id ?? null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: incoming.socket.remoteAddress ?? '',
      user: null,
      userAgent: incoming.headers['user-agent'] ?? null,
      userArn: null,
    },
    path: `/${api.stageName}${path}`,
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId,
    requestTime: requestTime(receivedAtMs),
    requestTimeEpoch: receivedAtMs,
    resourceId: route.resourceId,
    resourcePath: route.resource,
    stage: api.stageName,
  };
}

/**
 * The event of a REST API's Lambda proxy integration (payload format 1.0). Path and path parameters stay
 * percent-encoded; the query does not.
 */
export function proxyEvent(
  request: GatewayRequest,
  match: RouteMatch,
  api: ApiDefinition,
): APIGatewayProxyEvent {
  const { incoming, path, body } = request;
  const headers = collectHeaders(incoming);
  const query = collectQuery(request.query);
  const binary = body.length > 0 && isBinary(api.binaryMediaTypes, incoming.headers['content-type']);
  return {
    resource: match.route.resource,
    path,
    httpMethod: incoming.method ?? '',
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    queryStringParameters: query && lastOfEach(query),
    multiValueQueryStringParameters: query,
    pathParameters: match.pathParameters && { ...match.pathParameters },
    stageVariables: null,
    requestContext: requestContext(request, match, api),
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  };
}
