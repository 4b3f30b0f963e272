import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { StartupError } from './startup-error.ts';

/** Everything listens here and nowhere else: nothing of the stack is protected against the network. */
const LOOPBACK = '127.0.0.1';

/** An HTTP server on the loopback interface that can be cut off and brought back on the same port. */
export class LoopbackServer {
  readonly #listener: RequestListener;
  readonly #flag: string;
  #port: number;
  #server: Server | undefined;

  /** @param flag the command's flag that chooses the port, for the message when it is taken. */
  constructor(options: { readonly port: number; readonly flag: string; readonly listener: RequestListener }) {
    this.#port = options.port;
    this.#flag = options.flag;
    this.#listener = options.listener;
  }

  /** The port that was asked for; the one that was found, once it listens. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}`;
  }

  /** @throws StartupError when the port is taken or not allowed. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    // Clients keep connections; a server that closes them while idle makes the next request fail now and then.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, this.#listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => reject(this.#explain(cause)));
      server.listen(this.#port, LOOPBACK, resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#server = server;
  }

  /** Refuses connections from now on and ends those that are open, requests in flight included. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  #explain(cause: NodeJS.ErrnoException): Error {
    if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return cause;
    const reason = cause.code === 'EADDRINUSE' ? 'is taken' : 'is not allowed';
    return new StartupError(
      `Port ${this.#port} ${reason}; choose another with ${this.#flag}, or end what uses it.`,
    );
  }
}
