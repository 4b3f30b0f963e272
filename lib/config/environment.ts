import * as z from 'zod';

/**
 * Environment variables of the functions: the constructs write them, the handlers read them, both by these
 * names. Nothing else reads `process.env`.
 */
export const ENVIRONMENT = {
  /** Name of the table; the same in every region. */
  tableName: 'HOLDFAST_TABLE_NAME',
  /** Every deployed region, comma separated; the first is the home of the list of tenants. */
  regions: 'HOLDFAST_REGIONS',
  /** How long one call to the database may take, in milliseconds. */
  databaseTimeoutMs: 'HOLDFAST_DATABASE_TIMEOUT_MS',
  /** Version of the release, shown by `GET /v1/health`. */
  version: 'HOLDFAST_VERSION',
  /** Name of this region's table of the read model. */
  readTableName: 'HOLDFAST_READ_TABLE_NAME',
  /** Name of this region's event bus. */
  eventBusName: 'HOLDFAST_EVENT_BUS_NAME',
  /** Name of this region's delivery stream of the analytics log. */
  logStreamName: 'HOLDFAST_LOG_STREAM_NAME',
  /** Address of the queue of orders. */
  ordersQueueUrl: 'HOLDFAST_ORDERS_QUEUE_URL',
  /** Address of the queue of webhook deliveries. */
  deliveriesQueueUrl: 'HOLDFAST_DELIVERIES_QUEUE_URL',
  /** Address of the dead-letter queue of changes that the stream's function cannot complete. */
  changesDlqUrl: 'HOLDFAST_CHANGES_DLQ_URL',
  /** Address of the queue that feeds this function. */
  ownQueueUrl: 'HOLDFAST_OWN_QUEUE_URL',
  /** The role that functions assume for one tenant at a time. */
  tenantRoleArn: 'HOLDFAST_TENANT_ROLE_ARN',
  /** Where webhooks may point: `public` addresses by https, or `loopback`. */
  webhookTargets: 'HOLDFAST_WEBHOOK_TARGETS',
  /** Name of the stage, for the function that names the gateway's keys. */
  stage: 'HOLDFAST_STAGE',
  /** Where the canary calls the API of its region, as any client. */
  canaryApiUrl: 'HOLDFAST_CANARY_API_URL',
  /** Name of the secret with the canary's key. */
  canarySecretName: 'HOLDFAST_CANARY_SECRET_NAME',
  /** Region of this function. AWS Lambda sets it; constructs must not. */
  region: 'AWS_REGION',
} as const;

/** The name of an AWS region. */
export const regionName = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'use the name of an AWS region, like us-east-1');

const schema = z.object({
  [ENVIRONMENT.tableName]: z.string().min(1),
  [ENVIRONMENT.regions]: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(regionName).min(1)),
  [ENVIRONMENT.databaseTimeoutMs]: z.coerce.number().int().positive(),
  [ENVIRONMENT.version]: z.string().min(1),
  [ENVIRONMENT.region]: regionName,
});

/** The parsed environment of a function. */
export interface Environment {
  readonly tableName: string;
  readonly regions: readonly string[];
  readonly databaseTimeoutMs: number;
  readonly version: string;
  readonly region: string;
}

/**
 * Parses the environment.
 *
 * @throws an Error that names every variable that is missing or malformed.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    throw new Error(`The environment is incomplete: ${z.prettifyError(parsed.error)}`);
  }
  return {
    tableName: parsed.data[ENVIRONMENT.tableName],
    regions: parsed.data[ENVIRONMENT.regions],
    databaseTimeoutMs: parsed.data[ENVIRONMENT.databaseTimeoutMs],
    version: parsed.data[ENVIRONMENT.version],
    region: parsed.data[ENVIRONMENT.region],
  };
}

/**
 * The region of a function that knows no table.
 *
 * @throws an Error when it is missing or malformed.
 */
export const readRegion = (source: NodeJS.ProcessEnv = process.env): string =>
  regionName.parse(source[ENVIRONMENT.region]);

/** What only some functions need: a queue, the bus, the log. */
type SpecialVariable = Exclude<
  keyof typeof ENVIRONMENT,
  'tableName' | 'regions' | 'databaseTimeoutMs' | 'version' | 'region'
>;

/**
 * Reads a variable that only some functions have.
 *
 * @throws an Error when this function has none: its construct did not grant it what it uses.
 */
export function readVariable(name: SpecialVariable, source: NodeJS.ProcessEnv = process.env): string {
  const value = source[ENVIRONMENT[name]];
  if (value === undefined || value === '') throw new Error(`${ENVIRONMENT[name]} is not set.`);
  return value;
}

/** Account and region that the CDK command line found in the caller's credentials; undefined without any. */
export function readCdkDefaults(source: NodeJS.ProcessEnv = process.env) {
  return { account: source['CDK_DEFAULT_ACCOUNT'], region: source['CDK_DEFAULT_REGION'] };
}
