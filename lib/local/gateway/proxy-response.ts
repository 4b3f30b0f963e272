import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isBinary } from './media-types.ts';

/** What the gateway sends to the client. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Lambda refuses larger answers. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

/** The gateway sets these itself. */
const GATEWAY_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

interface ProxyResponse {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

function collectHeaders({ headers, multiValueHeaders }: ProxyResponse): [string, string][] {
  const lists = Object.entries(multiValueHeaders ?? {});
  const listed = new Set(lists.map(([name]) => name.toLowerCase()));
  const single = Object.entries(headers ?? {}).filter(([name]) => !listed.has(name.toLowerCase()));
  return [
    ...single.map(([name, value]): [string, string] => [name, String(value)]),
    ...lists.flatMap(([name, values]) => values.map((value): [string, string] => [name, String(value)])),
  ].filter(([name]) => !GATEWAY_HEADERS.has(name.toLowerCase()));
}

function areValid(headers: readonly [string, string][]): boolean {
  try {
    for (const [name, value] of headers) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}

function statusOf(statusCode: unknown): number | undefined {
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599)
    return undefined;
  return status;
}

/**
 * Reads what a function answered, the way a Lambda proxy integration does.
 *
 * @param accept the request's header: a base64 body is decoded when the client accepts a binary type.
 * @returns `undefined` when the answer is malformed, which the gateway turns into an error.
 */
export function proxyResponse(
  value: unknown,
  {
    binaryMediaTypes,
    accept,
  }: { readonly binaryMediaTypes: readonly string[]; readonly accept: string | undefined },
): GatewayAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const response = value as ProxyResponse;
  const status = statusOf(response.statusCode);
  const text = response.body ?? '';
  if (status === undefined || typeof text !== 'string') return undefined;
  const decode = response.isBase64Encoded === true && isBinary(binaryMediaTypes, accept);
  const body = Buffer.from(text, decode ? 'base64' : 'utf8');
  if (body.length > MAX_RESPONSE_BYTES) return undefined;
  const headers = collectHeaders(response);
  if (!areValid(headers)) return undefined;
  const isTyped = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return { status, headers: isTyped ? headers : [...headers, ['Content-Type', 'application/json']], body };
}
