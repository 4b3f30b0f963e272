import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/request-body.ts';
import type { PartitionKeys } from '../iam/database-request.ts';
import type { Principals } from '../iam/principals.ts';
import { LoopbackServer } from '../loopback-server.ts';
import type { CallCosts } from '../meter/call-costs.ts';
import type { Meter } from '../meter/meter.ts';
import type { DatabaseAnswer, DatabaseCall } from '../meter/wire.ts';
import { accessRefusal } from './access-check.ts';
import type { ForwardedAnswer } from './database-forwarder.ts';
import { forward } from './database-forwarder.ts';
import { faultAnswer } from './fault-answers.ts';
import type { FaultKind, Faults } from './faults.ts';
import { signedBy, signedRegion } from './signed-region.ts';

/** DynamoDB's own bound for a call. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** The database of one region. */
export interface RegionDatabase {
  readonly region: string;
  readonly endpoint: string;
  readonly costs: CallCosts;
  readonly keys: PartitionKeys;
  /** Replaced at each start of the region; aborted when the region is stopped. */
  reachable: AbortController;
}

export interface DatabaseProxyOptions {
  /** The region whose functions use this proxy. */
  readonly own: RegionDatabase;
  /** Every region's database: a client is free to address another region. */
  readonly databases: ReadonlyMap<string, RegionDatabase>;
  readonly faults: Faults;
  readonly meter: Meter;
  readonly principals: Principals;
}

/** Makes a database reachable again, or for the first time. */
export function newReachability(): AbortController {
  const controller = new AbortController();
  // Each call in flight listens; there may be hundreds.
  setMaxListeners(0, controller.signal);
  return controller;
}

/**
 * Stands between the SDK of a region's functions and the databases: attributes each call to the request that
 * its environment serves, refuses it to who may not, meters it, and lets it fail on purpose.
 */
export class DatabaseProxy {
  readonly #options: DatabaseProxyOptions;
  readonly #server: LoopbackServer;

  constructor(options: DatabaseProxyOptions) {
    this.#options = options;
    this.#server = new LoopbackServer({ port: 0, flag: '--port', listener: this.#handle });
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The endpoint for one environment's clients. */
  endpointFor(environmentId: string): string {
    return `${this.#server.url}/e/${environmentId}`;
  }

  readonly #handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Whatever breaks off in the middle reaches the client as a broken connection, as it would in the network.
    this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  };

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { own, databases, faults, meter, principals } = this.#options;
    const operation = meter.operationOf(environmentOf(incoming));
    const target = databases.get(signedRegion(incoming) ?? own.region);
    if (operation === undefined || target === undefined) throw new Error('Nobody and nowhere.');
    const signal = reachability(own, target);
    const body = await readBody(incoming, MAX_REQUEST_BYTES);
    signal.throwIfAborted();
    const call = { operation: operationOf(incoming), body: body ?? Buffer.alloc(0) };
    const fault = faults.pick(call.operation, target.region);
    const denied = accessRefusal(principals, signedBy(incoming) ?? '', { call, target });
    const refused = denied ?? refusal(fault, call);
    if (refused !== undefined) {
      meter.count(operation, { read: 0, write: 0 });
      return answer(outgoing, { ...refused, headers: { 'content-type': 'application/x-amz-json-1.0' } });
    }
    const sent = await target.costs.prepare(call);
    const result = await forward(target.endpoint, { headers: incoming.headers, body: sent, signal });
    meter.count(operation, target.costs.unitsOf(call, result));
    if (fault === 'timeout_after') throw new Error('The answer is lost, as asked for.');
    answer(outgoing, result);
  }
}

/** Aborted when either end is cut off. */
function reachability(own: RegionDatabase, target: RegionDatabase): AbortSignal {
  if (own === target) return own.reachable.signal;
  return AbortSignal.any([own.reachable.signal, target.reachable.signal]);
}

/** An answer instead of the database's; throws for a call that shall break off before its effect. */
function refusal(fault: FaultKind | undefined, call: DatabaseCall): DatabaseAnswer | undefined {
  if (fault === undefined || fault === 'timeout_after' || fault === 'partial') return undefined;
  if (fault === 'timeout_before') throw new Error('The call is lost, as asked for.');
  return faultAnswer(fault, call);
}

/** `/e/<environmentId>/` */
function environmentOf({ url = '' }: IncomingMessage): string {
  return url.split('/', 3)[2] ?? '';
}

/** `DynamoDB_20120810.PutItem` */
function operationOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
}

function answer(outgoing: ServerResponse, { status, headers, body }: ForwardedAnswer): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
