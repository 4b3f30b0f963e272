import type { FunctionSettings, TableAccess } from './function-settings.ts';
import { QUEUES } from './queues.ts';
import type { HttpFunctionName } from './routes.ts';

/** Functions that the gateway asks, or a schedule, a queue, the table's stream or a secret's turn runs. */
type BackgroundFunctionName =
  | 'authorizer'
  | 'sweep'
  | 'complete'
  | 'orders'
  | 'notify'
  | 'deliver'
  | 'audit'
  | 'rotate'
  | 'canary';
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
  countsRequests: true,
  hot,
  files: [],
});

const scoped = (does: TableAccess['does']): FunctionSettings => ({
  ...http(does),
  table: { does, regions: 'all', scoped: true },
});

/** `GET /v1/docs` serves them itself: a page of documentation must not depend on somebody else's server. */
const DOCUMENTATION_FILES = [
  'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  'node_modules/swagger-ui-dist/swagger-ui.css',
];

export const FUNCTIONS: Record<FunctionName, FunctionSettings> = {
  /** Reads which open holds there are, for tenants with caps. */
  reserve: { ...http('readWrite', true), readModel: 'read' },
  confirm: http('readWrite', true),
  stock: { ...http('read', true), readModel: 'read' },
  reservations: http('readWrite'),
  movements: http('readWrite'),
  lists: scoped('read'),
  catalogue: scoped('readWrite'),
  webhooks: scoped('readWrite'),
  access: scoped('readWrite'),
  regions: http('readWrite'),
  /** Asks nothing but how its own region is; all of its routes are public. */
  system: {
    why: WHY_HTTP,
    memoryMiB: 512,
    timeoutSeconds: HTTP_TIMEOUT_SECONDS,
    table: { does: 'read', regions: 'own' },
    hot: false,
    files: DOCUMENTATION_FILES,
  },
  /** Looks a key up in its own replica, and one that is not there where its tenant is at home. */
  authorizer: {
    why: 'As those that answer: it stands before each of them. What it has looked up is remembered at the gateway.',
    memoryMiB: 512,
    timeoutSeconds: HTTP_TIMEOUT_SECONDS,
    table: { does: 'read', regions: 'all' },
    hot: true,
    files: [],
  },
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
  /** Writes keys where their tenants are at home, and reads them back as every region would. */
  rotate: {
    why: 'Four short calls for each turn of a secret, which must not meet each other.',
    memoryMiB: 256,
    timeoutSeconds: 30,
    reservedConcurrency: 1,
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
  /** Calls the public API of its region with a key of its own, and may do nothing else. */
  canary: {
    why: 'It waits for answers, of which there are seven at most, the setup included, with five seconds each. One a minute is all there is to run.',
    memoryMiB: 256,
    timeoutSeconds: 45,
    reservedConcurrency: 1,
    hot: false,
    files: [],
  },
};

/** How often the canary runs: EventBridge knows nothing shorter, and three bad runs of five wake somebody. */
export const CANARY_SCHEDULE_MINUTES = 1;

/**
 * Functions that only the first region has, where keys of operators are written. The embedded stack has none of them: it
 * makes its keys itself.
 */
export const FIRST_REGION_FUNCTIONS: readonly FunctionName[] = ['rotate'];

/**
 * How often a slice of the region is audited: longer than a run takes, so that no two are at it, and often enough that
 * a region of 100,000 products is looked at in a few hours.
 */
export const AUDIT_SCHEDULE_MINUTES = 15;

/** How often the sweep starts. EventBridge knows nothing shorter; the sweep itself loops within the minute. */
export const SWEEP_SCHEDULE_MINUTES = 1;

/** Functions that call webhooks, or judge where one may point: they are told where that is. */
export const WEBHOOK_FUNCTIONS: readonly string[] = ['deliver', 'webhooks'];

/**
 * Functions that may run at once in an account and region: what AWS gives, unless more was asked for. An alarm is on
 * near it, so it is to be raised here when the quota is.
 */
export const ACCOUNT_CONCURRENCY = 1_000;
