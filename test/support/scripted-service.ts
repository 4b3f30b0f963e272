/** A server that speaks the JSON protocol of AWS and answers what a test tells it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Body = Record<string, unknown>;

/** An answer, by what is asked. `lose`: the connection ends. `ignore`: no answer, ever. */
export type ServiceAnswer = Body | { readonly status: number; readonly type: string } | 'lose' | 'ignore';

export interface ScriptedService {
  readonly endpoint: string;
  /** What was asked, in order. */
  readonly requests: readonly { readonly operation: string; readonly body: Body }[];
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
}

function respond(response: ServerResponse, answer: ServiceAnswer): void {
  if (answer === 'ignore') return;
  if (answer === 'lose') {
    response.destroy();
    return;
  }
  const isError = 'status' in answer;
  response.writeHead(isError ? Number(answer['status']) : 200, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': 'scripted',
  });
  response.end(JSON.stringify(isError ? { __type: answer['type'], message: 'scripted' } : answer));
}

/** Starts one on a free port of this machine; it is stopped when the test is over. */
export async function startService(
  answer: (body: Body, call: number, operation: string) => ServiceAnswer,
): Promise<ScriptedService> {
  const requests: { operation: string; body: Body }[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
      requests.push({ operation, body });
      respond(response, answer(body, requests.length, operation));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, requests };
}
