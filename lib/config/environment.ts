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

/** Account and region that the CDK command line found in the caller's credentials; undefined without any. */
export function readCdkDefaults(source: NodeJS.ProcessEnv = process.env) {
  return { account: source['CDK_DEFAULT_ACCOUNT'], region: source['CDK_DEFAULT_REGION'] };
}
