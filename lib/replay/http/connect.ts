import { createTransport, type Transport } from './transport.ts';

/** A function ends after 10 s at the latest; what has not answered then never will. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Where an API is, and who may use it. */
export interface ApiAddress {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Connections to an API. */
export function connectTo(address: ApiAddress, concurrency: number): Transport {
  return createTransport({ ...address, socketsMax: concurrency, timeoutMs: REQUEST_TIMEOUT_MS });
}
