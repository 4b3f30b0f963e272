import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server.ts';
import { signedRegion } from '../proxy/signed-region.ts';
import type { RegionQueues } from './region-queues.ts';

/** SQS for all regions at one address: which region is meant, the signature of a call says. */
export class QueueServer {
  readonly #server: LoopbackServer;
  readonly #regions = new Map<string, RegionQueues>();

  constructor() {
    this.#server = new LoopbackServer({ port: 0, flag: '--port', listener: this.#handle });
  }

  get endpoint(): string {
    return this.#server.url;
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  add(queues: RegionQueues): void {
    this.#regions.set(queues.region, queues);
  }

  async close(): Promise<void> {
    await this.#server.close();
    await Promise.all([...this.#regions.values()].map((queues) => queues.close()));
  }

  readonly #handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const queues = this.#regions.get(signedRegion(incoming) ?? '');
    // A region that is cut off, or that is none, reaches the client as a broken connection.
    if (queues?.reachable === true) queues.handle(incoming, outgoing);
    else incoming.socket.destroy();
  };
}
