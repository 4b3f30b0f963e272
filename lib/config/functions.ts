import { QUEUES } from './queues.ts';
import type { HttpFunctionName } from './routes.ts';

/** What a function may do with the table and its indexes. Each is granted only what its use cases call. */
export interface TableAccess {
  readonly does: 'read' | 'readWrite';
  /**
   * `all`: every replica, because what another region owns is written through the replica of that region, and
   * read strongly there.
   */
  readonly regions: 'own' | 'all';
  /** Whether it may walk over the whole replica of its own region. @default false */
  readonly walks?: true;
}

/** What a function may do with the read model of its region. */
export type ReadModelAccess = 'read' | 'readWrite';

/** Settings of one function; the construct and the documents take them from here. */
export interface FunctionSettings {
  /** Why it has this memory, this time and this concurrency, in one sentence. */
  readonly why: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /**
   * How many run at once at most, kept free for it.
   *
   * @default it shares the concurrency of the account
   */
  readonly reservedConcurrency?: number;
  readonly table: TableAccess;
  /** @default none */
  readonly readModel?: ReadModelAccess;
  /** Small bundles on the path a shopper waits for: they carry the DynamoDB client and little more. */
  readonly hot: boolean;
  /** Files that the function reads at run time, copied beside its bundle; paths from the repository's root. */
  readonly files: readonly string[];
}

/** Functions that a schedule, a queue or the table's stream runs, besides the HTTP functions. */
type BackgroundFunctionName = 'sweep' | 'complete' | 'orders' | 'notify' | 'deliver' | 'audit';
export type FunctionName = HttpFunctionName | BackgroundFunctionName;

/**
 * API Gateway gives up after 29 s; a caller who holds stock for a shopper gives up far sooner. Ten seconds
 * leave room for a cold start and for every bounded retry of the store.
 */
const HTTP_TIMEOUT_SECONDS = 10;

const WHY_HTTP =
  'Half a gibibyte brings a third of a core, so that it starts in a fraction of a second. It shares the concurrency of ' +
  'the account: a share of its own would be taken from the others.';

const http = (does: TableAccess['does'], hot = false): FunctionSettings => ({
  why: WHY_HTTP,
  memoryMiB: 512,
  timeoutSeconds: HTTP_TIMEOUT_SECONDS,
  table: { does, regions: 'all' },
  hot,
  files: [],
});

/** `GET /v1/docs` serves them itself: a page of documentation must not depend on somebody else's server. */
const DOCUMENTATION_FILES = [
  'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  'node_modules/swagger-ui-dist/swagger-ui.css',
];

export const FUNCTIONS: Record<FunctionName, FunctionSettings> = {
  reserve: http('readWrite', true),
  confirm: http('readWrite', true),
  stock: { ...http('read', true), readModel: 'read' },
  reservations: http('readWrite'),
  movements: http('readWrite'),
  catalogue: http('readWrite'),
  webhooks: http('readWrite'),
  access: http('readWrite'),
  regions: http('readWrite'),
  /** Asks nothing but how its own region is. */
  system: { ...http('read'), table: { does: 'read', regions: 'own' }, files: DOCUMENTATION_FILES },
  /** Runs through its minute; the schedule starts the next one. While its region drains, it walks over its quotas. */
  sweep: {
    why: 'It waits for the database most of the time. One runs through the minute while the next one begins; a third would only do the same work.',
    memoryMiB: 256,
    timeoutSeconds: 75,
    reservedConcurrency: 2,
    table: { does: 'readWrite', regions: 'all', walks: true },
    hot: false,
    files: [],
  },
  /** Gets the stream in batches: what one run has no time for, the next one gets. */
  complete: {
    why: 'A batch of a hundred changes ends within seconds; the minute is for a region that answers slowly. Its concurrency is that of the shards.',
    memoryMiB: 512,
    timeoutSeconds: 60,
    table: { does: 'readWrite', regions: 'all' },
    readModel: 'readWrite',
    hot: false,
    files: [],
  },
  /** Confirming a part may give units back at places that another region is at home for, as the function `confirm` does. */
  orders: {
    why: 'Ten messages end within a second; a store that answers slowly may take long. Its queue bounds how many run at once.',
    memoryMiB: 512,
    timeoutSeconds: QUEUES.orders.workerTimeoutSeconds,
    table: { does: 'readWrite', regions: 'all' },
    hot: false,
    files: [],
  },
  /** Writes the deliveries of events of its own region, for webhooks as its own replica knows them. */
  notify: {
    why: 'It writes a record for each webhook that wants an event. Its queue bounds how many run at once.',
    memoryMiB: 256,
    timeoutSeconds: QUEUES.notices.workerTimeoutSeconds,
    table: { does: 'readWrite', regions: 'own' },
    hot: false,
    files: [],
  },
  /** Posts to receivers that have ten seconds each, side by side; a webhook it has not heard of is asked for at home. */
  deliver: {
    why: 'Receivers have ten seconds each, side by side. Its queue bounds how many run at once.',
    memoryMiB: 256,
    timeoutSeconds: QUEUES.deliveries.workerTimeoutSeconds,
    table: { does: 'readWrite', regions: 'all' },
    hot: false,
    files: [],
  },
  /** Reads each product's records in every region; writes its own region's position and what it found. */
  audit: {
    why: 'It reads a slice of the table, product by product. Two at once would check the same slice.',
    memoryMiB: 512,
    timeoutSeconds: 300,
    reservedConcurrency: 1,
    table: { does: 'readWrite', regions: 'all', walks: true },
    readModel: 'read',
    hot: false,
    files: [],
  },
};

/**
 * How often a slice of the region is audited: longer than a run takes, so that no two are at it, and often enough that
 * a region of 100,000 products is looked at in a few hours.
 */
export const AUDIT_SCHEDULE_MINUTES = 15;

/** How often the sweep starts. EventBridge knows nothing shorter; the sweep itself loops within the minute. */
export const SWEEP_SCHEDULE_MINUTES = 1;

/** Functions that call webhooks, or judge where one may point: they are told where that is. */
export const WEBHOOK_FUNCTIONS: readonly string[] = ['deliver', 'webhooks'];
