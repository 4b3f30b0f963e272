import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../local/gateway/request-body.ts';
import { LoopbackServer } from '../../local/loopback-server.ts';
import { forward } from '../../local/proxy/database-forwarder.ts';
import type { WireRequest } from '../../local/raw-rate.ts';

/** DynamoDB's own bound for a request. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

const OK = 200;

const WRITES: ReadonlySet<string> = new Set(['TransactWriteItems', 'UpdateItem', 'PutItem']);

const operationOf = ({ headers }: IncomingMessage): string =>
  String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';

/** Stands between a client and its database, passes everything on, and remembers the writes that took effect. */
export class RequestRecorder {
  readonly #endpoint: string;
  readonly #server: LoopbackServer;
  #recorded: WireRequest[] = [];

  /** @param endpoint of the database. */
  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#server = new LoopbackServer({ port: 0, flag: '--port', listener: this.#handle });
  }

  /** The endpoint for clients, once it is open. */
  get url(): string {
    return this.#server.url;
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The writes since the last call. */
  take(): WireRequest[] {
    const recorded = this.#recorded;
    this.#recorded = [];
    return recorded;
  }

  readonly #handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  };

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = (await readBody(incoming, REQUEST_BYTES_MAX)) ?? Buffer.alloc(0);
    const operation = operationOf(incoming);
    const { signal } = new AbortController();
    const result = await forward(this.#endpoint, { headers: incoming.headers, body, signal });
    // What the database refused would be refused again.
    if (WRITES.has(operation) && result.status === OK) {
      this.#recorded.push({ operation, body: JSON.parse(body.toString('utf8')) } as WireRequest);
    }
    outgoing.writeHead(result.status, { ...result.headers, 'content-length': result.body.length });
    outgoing.end(result.body);
  }
}
