import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/request-body.ts';
import { LoopbackServer } from '../loopback-server.ts';
import type { Faults } from '../proxy/faults.ts';
import { signedRegion } from '../proxy/signed-region.ts';
import { type ServiceAnswer, serviceError, validationError } from './service-answer.ts';

/** Larger than the largest call of the services: 4 MiB of records, in base64. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/** Operations of a region, by name. */
export interface ServiceOperations {
  readonly isReachable: boolean;
  /** @returns `undefined` for an operation that there is not. */
  run(operation: string, input: unknown, partial: boolean): ServiceAnswer | undefined;
}

export interface ServiceEndpointOptions {
  /** The region whose functions use this endpoint. */
  readonly region: string;
  /** Every region's operations: a client is free to address another region. */
  readonly peers: ReadonlyMap<string, ServiceOperations>;
  readonly faults: Faults;
}

/** Serves services of AWS that speak JSON, to the SDK of one region's functions, and lets calls fail on purpose. */
export class ServiceEndpoint {
  readonly #options: ServiceEndpointOptions;
  readonly #server: LoopbackServer;

  constructor(options: ServiceEndpointOptions) {
    this.#options = options;
    this.#server = new LoopbackServer({ port: 0, flag: '--port', listener: this.#handle });
  }

  get url(): string {
    return this.#server.url;
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  readonly #handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Whatever breaks off in the middle reaches the client as a broken connection, as it would in the network.
    this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  };

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { region, peers, faults } = this.#options;
    const target = signedRegion(incoming) ?? region;
    const body = await readBody(incoming, MAX_REQUEST_BYTES);
    const peer = peers.get(target);
    if (!peer?.isReachable) throw new Error('The region is cut off, or there is none.');
    // `AWSEvents.PutEvents`
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const fault = faults.pick(operation, target);
    if (fault === 'timeout_before') throw new Error('The call is lost, as asked for.');
    const answer = refusal(fault, operation) ?? run(peer, { operation, body, partial: fault === 'partial' });
    if (fault === 'timeout_after') throw new Error('The answer is lost, as asked for.');
    send(outgoing, answer);
  }
}

function run(
  peer: ServiceOperations,
  { operation, body, partial }: { operation: string; body: Buffer | undefined; partial: boolean },
): ServiceAnswer {
  if (body === undefined) return validationError('The request is too large.');
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    return serviceError(400, 'SerializationException', 'The body is not JSON.');
  }
  const answer = peer.run(operation, input, partial);
  return answer ?? serviceError(400, 'UnknownOperationException', `${operation} does not run locally.`);
}

/** What the services answer when they have not performed a call. */
function refusal(fault: string | undefined, operation: string): ServiceAnswer | undefined {
  const isBus = operation === 'PutEvents';
  if (fault === 'throttle') {
    return isBus
      ? serviceError(400, 'ThrottlingException', 'Rate exceeded')
      : serviceError(503, 'ServiceUnavailableException', 'Slow down.');
  }
  if (fault !== 'error_500') return undefined;
  return serviceError(500, isBus ? 'InternalException' : 'InternalFailure', 'Internal error');
}

function send(outgoing: ServerResponse, { status, body }: ServiceAnswer): void {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  };
  outgoing.writeHead(status, headers).end(text);
}
