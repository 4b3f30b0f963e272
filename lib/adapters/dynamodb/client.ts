import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { noteLostReplies } from './lost-replies.ts';

/**
 * DynamoDB answers in single-digit milliseconds, a large batch in a few hundred. After two seconds the request
 * is lost, and three attempts still end before API Gateway's caller has given up.
 */
const REQUEST_TIMEOUT_MS = 2_000;
/** A new connection takes a few milliseconds within a region; half the time of an answer is more than enough. */
const CONNECTION_SHARE = 2;
/** One failure is chance, two are bad luck; a third says that the database is in trouble. */
const ATTEMPTS_MAX = 3;

/**
 * A caller is told within two seconds that another region is out of reach. The regions furthest apart are 300 ms
 * from each other and back, so an answer that takes three times that is lost; one more attempt, and it is said.
 */
const REMOTE_TIMEOUT_MS = 850;
const REMOTE_ATTEMPTS_MAX = 2;

/** Of what a request can do without, an answer that takes this share of the usual time is lost, and not asked for again. */
const ONCE_SHARE = 1 / 8;

/** Where the database is. */
export interface Connection {
  readonly region: string;
  /** @default the region's own endpoint, or the one `AWS_ENDPOINT_URL_DYNAMODB` names */
  readonly endpoint?: string;
  /** @default the function's role */
  readonly credentials?: NonNullable<DynamoDBClientConfig['credentials']>;
  /**
   * How long an answer may take, and a connection half of it. A database on a busy developer's machine needs
   * more than DynamoDB does.
   * @default 2000
   */
  readonly timeoutMs?: number;
  /** Whether the database is in another region than its caller. @default false */
  readonly remote?: boolean;
  /** Connections that clients with different credentials share. @default its own */
  readonly transport?: Transport;
  /** Whether calls are tried once, and for a short time: whoever makes them can do without. @default false */
  readonly once?: boolean;
}

/** Open connections to one place. */
export type Transport = NonNullable<DynamoDBClientConfig['requestHandler']>;

/** How long an attempt may take, and how many there are. */
function patienceOf({ timeoutMs = REQUEST_TIMEOUT_MS, remote = false, once = false }: Connection) {
  if (once) return { timeoutMs: timeoutMs * ONCE_SHARE, maxAttempts: 1 };
  return remote
    ? { timeoutMs: REMOTE_TIMEOUT_MS, maxAttempts: REMOTE_ATTEMPTS_MAX }
    : { timeoutMs, maxAttempts: ATTEMPTS_MAX };
}

function transportSettings(timeoutMs: number) {
  return {
    connectionTimeout: timeoutMs / CONNECTION_SHARE,
    requestTimeout: timeoutMs,
    // Without it the SDK only warns, and waits on.
    throwOnRequestTimeout: true,
    // An answer that stops half-way is lost as well.
    socketTimeout: timeoutMs,
    httpsAgent: { keepAlive: true },
    httpAgent: { keepAlive: true },
  };
}

/** Connections for many clients of one database. Whoever closes one of the clients closes them for all. */
export function createTransport(connection: Omit<Connection, 'credentials' | 'transport'>): Transport {
  const requestHandler = transportSettings(patienceOf(connection).timeoutMs);
  return new DynamoDBClient({ region: connection.region, requestHandler }).config.requestHandler;
}

/** The only place with settings of the SDK. */
export function createClient(connection: Connection): DynamoDBDocumentClient {
  const { region, endpoint, credentials } = connection;
  const { timeoutMs, maxAttempts } = patienceOf(connection);
  const client = new DynamoDBClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts,
    retryMode: 'standard',
    requestHandler: connection.transport ?? transportSettings(timeoutMs),
  });
  noteLostReplies(client.middlewareStack);
  // Nothing undefined is ever passed: the codec of items refuses it. An option that drops it would hide a bug.
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: false } });
}
