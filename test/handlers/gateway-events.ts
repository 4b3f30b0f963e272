import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ROUTES } from '../../lib/config/routes.ts';

/** A request as a client sends it; what is not named is left to a good default. */
export interface SentRequest {
  readonly method?: string;
  /** As in the URL, without query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  /** The gateway hands the body over as text instead of base64. */
  readonly asText?: boolean;
}

const listOf = (value: string | readonly string[]): string[] =>
  typeof value === 'string' ? [value] : [...value];

const multiValued = (values: SentRequest['headers']): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(values ?? {})
      .map(([name, value]) => [name, listOf(value)] as const)
      .filter(([, list]) => list.length > 0),
  );

const lastOf = (values: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? '']));

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The route that API Gateway would choose: literal segments before parameters. */
function match(path: string): { readonly resource: string; readonly params: Record<string, string> | null } {
  const segments = path.split('/');
  const candidates = [...new Set(ROUTES.map((route) => route.path))].flatMap((resource) => {
    const template = resource.split('/');
    const fits =
      template.length === segments.length &&
      template.every((part, index) =>
        part.startsWith('{') ? segments[index] !== '' : part === segments[index],
      );
    return fits ? [{ resource, template }] : [];
  });
  const [best] = candidates.toSorted((a, b) => a.resource.split('{').length - b.resource.split('{').length);
  if (best === undefined) return { resource: '/{proxy+}', params: { proxy: path.slice(1) } };
  const params = best.template.flatMap((part, index) =>
    part.startsWith('{') ? [[part.slice(1, -1), segments[index] ?? '']] : [],
  );
  return { resource: best.resource, params: params.length === 0 ? null : Object.fromEntries(params) };
}

/** The event that API Gateway makes of a request, with `binaryMediaTypes: *\/*`. */
export function eventOf({ method = 'GET', path, headers, query, body, asText = false }: SentRequest) {
  const { resource, params } = match(path);
  const bytes = bytesOf(body);
  const sentHeaders = multiValued(headers);
  const sentQuery = multiValued(query);
  return {
    httpMethod: method,
    path,
    resource,
    pathParameters: params,
    headers: lastOf(sentHeaders),
    multiValueHeaders: sentHeaders,
    queryStringParameters: query === undefined ? null : lastOf(sentQuery),
    multiValueQueryStringParameters: query === undefined ? null : sentQuery,
    body: bytes === undefined ? null : bytes.toString(asText ? 'utf8' : 'base64'),
    isBase64Encoded: bytes !== undefined && !asText,
    stageVariables: null,
    requestContext: { path: `/live${path}`, domainName: 'abc.execute-api.us-east-1.amazonaws.com' },
  } as unknown as APIGatewayProxyEvent;
}
