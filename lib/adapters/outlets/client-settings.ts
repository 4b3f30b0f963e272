/** The only place with settings of the SDK for queues, bus and log. */

/** They answer in tens of milliseconds; what takes three seconds is lost, and the sweep sends it again. */
const REQUEST_TIMEOUT_MS = 3_000;
/** A connection within a region takes a few milliseconds. */
const CONNECTION_TIMEOUT_MS = 1_000;
/** One failure is chance. After the second the message is kept, which is safer than to try on. */
const ATTEMPTS_MAX = 2;

/** Where a service is that messages are handed to. */
export interface OutletConnection {
  readonly region: string;
  /** @default the region's own endpoint, or the one that the SDK's variables name */
  readonly endpoint?: string;
  /** @default the function's role */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long an answer may take. @default 3000 */
  readonly timeoutMs?: number;
}

/** Settings of a client, whichever it is. */
export const clientSettings = ({
  region,
  endpoint,
  credentials,
  timeoutMs = REQUEST_TIMEOUT_MS,
}: OutletConnection) => ({
  region,
  ...(endpoint !== undefined && { endpoint }),
  ...(credentials !== undefined && { credentials }),
  maxAttempts: ATTEMPTS_MAX,
  retryMode: 'standard' as const,
  requestHandler: {
    connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs),
    requestTimeout: timeoutMs,
    // Without it the SDK only warns, and waits on.
    throwOnRequestTimeout: true,
    socketTimeout: timeoutMs,
    httpsAgent: { keepAlive: true },
    httpAgent: { keepAlive: true },
  },
});
