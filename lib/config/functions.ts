import type { HttpFunctionName } from './routes.ts';

/** What a function may do with the table. Each grants only what its use cases call. */
export type TableAccess = 'none' | 'read' | 'readWrite';

/** Settings of one function; the construct and the documents take them from here. */
export interface FunctionSettings {
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly table: TableAccess;
  /** Small bundles on the path a shopper waits for: they carry the DynamoDB client and little more. */
  readonly hot: boolean;
  /** Files that the function reads at run time, copied beside its bundle; paths from the repository's root. */
  readonly files: readonly string[];
}

/** Functions that a schedule runs, besides the HTTP functions. */
export type ScheduledFunctionName = 'sweep';
export type FunctionName = HttpFunctionName | ScheduledFunctionName;

/**
 * API Gateway gives up after 29 s; a caller who holds stock for a shopper gives up far sooner. Ten seconds
 * leave room for a cold start and for every bounded retry of the store.
 */
const HTTP_TIMEOUT_SECONDS = 10;

const http = (table: TableAccess, hot = false): FunctionSettings => ({
  memoryMiB: 512,
  timeoutSeconds: HTTP_TIMEOUT_SECONDS,
  table,
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
  stock: http('read', true),
  reservations: http('readWrite'),
  movements: http('readWrite'),
  catalogue: http('readWrite'),
  access: http('readWrite'),
  regions: http('readWrite'),
  system: { ...http('read'), files: DOCUMENTATION_FILES },
  /** Runs through its minute; the schedule starts the next one. */
  sweep: { memoryMiB: 256, timeoutSeconds: 75, table: 'readWrite', hot: false, files: [] },
};

/** How often the sweep starts. EventBridge knows nothing shorter; the sweep itself loops within the minute. */
export const SWEEP_SCHEDULE_MINUTES = 1;
