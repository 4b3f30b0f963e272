import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import type { DatabaseAnswer } from '../meter/wire.ts';

/** DynamoDB Local ends idle connections after 30 s; ours must end before, or a call finds a dead one. */
const IDLE_CONNECTION_MS = 15_000;

const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });

const FORWARDED_HEADERS = [
  'authorization',
  'content-type',
  'x-amz-target',
  'x-amz-date',
  'user-agent',
] as const;

/** The database's answer with what the SDK looks at besides the body. */
export interface ForwardedAnswer extends DatabaseAnswer {
  readonly headers: Readonly<Record<string, string>>;
}

function outgoingHeaders(headers: IncomingHttpHeaders, body: Buffer): Record<string, string | number> {
  const forwarded = FORWARDED_HEADERS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(forwarded), 'content-length': body.length };
}

function incomingHeaders(response: IncomingMessage): Record<string, string> {
  const names = ['content-type', 'x-amz-crc32', 'x-amzn-requestid'];
  return Object.fromEntries(
    names.flatMap((name) => (response.headers[name] ? [[name, `${response.headers[name]}`]] : [])),
  );
}

/** `http://127.0.0.1:8000`, without the cost of a parser for every call. */
function addressOf(endpoint: string): { readonly host: string; readonly port: string } {
  const [, host = '', port = ''] = endpoint.split(/:\/{0,2}/);
  return { host, port };
}

/**
 * Sends a call to the database and waits for its whole answer.
 *
 * @param signal ends the call wherever it is, before or after its effect.
 */
export function forward(
  endpoint: string,
  {
    headers,
    body,
    signal,
  }: { readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly signal: AbortSignal },
): Promise<ForwardedAnswer> {
  return new Promise((resolve, reject) => {
    const { host, port } = addressOf(endpoint);
    const options = { host, port, method: 'POST', agent, headers: outgoingHeaders(headers, body), signal };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 500, headers: incomingHeaders(response), body: whole });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
