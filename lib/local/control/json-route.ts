import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { readBody } from '../gateway/request-body.ts';

/** What a control request can carry is small. */
const MAX_BODY_BYTES = 65_536;

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One route of the control server. */
export interface ControlRoute {
  readonly method: string;
  /** Path with named groups for its parameters. */
  readonly path: RegExp;
  readonly run: (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer;
}

export interface ControlRequest {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parses the body, an empty one as `{}`. @throws BadRequest */
  readonly body: <Output>(schema: z.ZodType<Output>) => Output;
}

/** The message tells the caller what to send instead. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

export const ok = (body: unknown = {}): ControlAnswer => ({ status: 200, body });
export const notFound = (what: string): ControlAnswer => ({ status: 404, body: { message: what } });

function parse<Output>(bytes: Buffer, schema: z.ZodType<Output>): Output {
  let value: unknown;
  try {
    value = bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BadRequest('The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadRequest(z.prettifyError(parsed.error));
}

async function runRoute(routes: readonly ControlRoute[], incoming: IncomingMessage): Promise<ControlAnswer> {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const sameMethod = routes.filter(({ method }) => method === incoming.method);
  for (const { path, run } of sameMethod) {
    const match = path.exec(url.pathname);
    if (match === null) continue;
    const bytes = await readBody(incoming, MAX_BODY_BYTES);
    if (bytes === undefined) throw new BadRequest(`The body is larger than ${MAX_BODY_BYTES} bytes.`);
    const groups = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return run({
      parameters: Object.fromEntries(groups),
      query: url.searchParams,
      body: (schema) => parse(bytes, schema),
    });
  }
  return notFound(`${incoming.method} ${url.pathname} does not exist.`);
}

function toFailure(cause: unknown): ControlAnswer {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: cause instanceof BadRequest ? 400 : 500, body: { message } };
}

/** Serves the routes as JSON: 400 for what cannot be understood, 404 for what does not exist. */
export function serveJson(routes: readonly ControlRoute[]) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { status, body } = await runRoute(routes, incoming).catch(toFailure);
    const text = `${JSON.stringify(body)}\n`;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    outgoing.writeHead(status, headers).end(text);
  };
}
