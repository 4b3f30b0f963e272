/**
 * The context values of the CDK app (`cdk deploy -c name=value`). Each optional part of an installation is one of them,
 * and is left out unless it is named. `docs/deploy.md` has a row for each.
 */
import * as z from 'zod';
import { regionName } from './environment.ts';

export const DEFAULT_STAGE = 'dev';
export const DEFAULT_REGION = 'us-east-1';

/** DynamoDB has no bound of its own. More replicas than this multiply the cost of every write for little gain. */
const REGIONS_MAX = 10;

/** A table cannot be told to expect less than it takes at once anyway (DynamoDB's defaults for a new table). */
export const WARM_READS_MIN = 12_000;
export const WARM_WRITES_MIN = 4_000;
/** The most that one table takes without a word with AWS (quotas of on-demand tables). */
export const WARM_UNITS_MAX = 40_000;

const regions = z
  .string('separate the regions with commas: -c regions=us-east-1,eu-west-1')
  .transform((list) => list.split(',').map((region) => region.trim()))
  .pipe(
    z
      .tuple([regionName], regionName)
      .refine((names) => new Set(names).size === names.length, 'name each region once')
      .refine((names) => names.length <= REGIONS_MAX, `name at most ${REGIONS_MAX} regions`),
  );

/** `on`, or nothing: a value that is neither is more likely a mistake than a wish. */
const isOn = z
  .enum(['on', 'off'], { error: 'use on or off' })
  .default('off')
  .transform((value) => value === 'on');

const units = (least: number, name: string) =>
  z.coerce
    .number({ error: `use a whole number: -c ${name}=${least}` })
    .int(`use a whole number: -c ${name}=${least}`)
    .min(least, `use ${least} at least: a table takes so many at once in any case`)
    .max(WARM_UNITS_MAX, `use ${WARM_UNITS_MAX} at most, or raise the quota of the account first`)
    .optional();

const domain = z
  .string()
  .regex(
    /^Z[A-Z0-9]{1,31}\/[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    'name the hosted zone and the domain: -c domain=Z0123456789ABCDEFGHIJ/api.example.com',
  )
  .transform((value) => {
    const [hostedZoneId = '', name = ''] = value.split('/');
    return { hostedZoneId, name };
  })
  .optional();

const pipeline = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:code(star-)?connections:[a-z0-9-]+:\d{12}:connection\/[a-f0-9-]+:[\w.-]+\/[\w.-]+@[\w./-]+$/,
    'name the connection, the repository and the branch: ' +
      '-c pipeline=arn:aws:codeconnections:us-east-1:123456789012:connection/0a1b…:owner/repository@main',
  )
  .transform((value) => {
    const [, connectionArn = '', repository = '', branch = ''] = /^(.+):([^:@]+)@(.+)$/.exec(value) ?? [];
    return { connectionArn, repository, branch };
  })
  .optional();

export const contextSchema = z.object({
  stage: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9-]{0,19}$/,
      'use up to 20 letters, digits and hyphens, a letter first: -c stage=prod',
    )
    .default(DEFAULT_STAGE),
  regions,
  /** A domain of one's own in front of all regions. */
  domain,
  /** CloudFront in front of the domain, for reads that may be kept for a second. */
  cdn: isOn,
  /** Who hears of alarms. */
  alarmEmail: z.email('use an address: -c alarmEmail=oncall@example.com').optional(),
  /** What a month may cost, in US dollars, before somebody hears of it. */
  monthlyBudgetUsd: z.coerce
    .number({ error: 'use a whole number of dollars: -c monthlyBudgetUsd=500' })
    .int('use a whole number of dollars: -c monthlyBudgetUsd=500')
    .positive('use more than 0 dollars: -c monthlyBudgetUsd=500')
    .optional(),
  /** Read and write units a second that the table is made ready for. */
  warmReads: units(WARM_READS_MIN, 'warmReads'),
  warmWrites: units(WARM_WRITES_MIN, 'warmWrites'),
  /** Samples traces of requests. */
  tracing: isOn,
  /** New versions of functions get a tenth of the traffic first, and are taken back when an alarm goes off. */
  gradual: isOn,
  /** A pipeline that deploys what is merged. */
  pipeline,
});

export type Context = z.output<typeof contextSchema>;
export type ContextName = keyof Context;

/** Every context value, by name. */
export const CONTEXT_NAMES = Object.keys(contextSchema.shape) as readonly ContextName[];

/** The context of the CDK app is not what it must be; the message says what to type instead. */
export class InvalidContext extends Error {
  override readonly name = 'InvalidContext';
}

/**
 * Parses the context of the CDK app.
 *
 * @param given the values of `-c name=…`; undefined where not given.
 * @throws InvalidContext that names every value that is wrong.
 */
export function parseContext(given: { readonly [Name in ContextName]?: unknown }): Context {
  const parsed = contextSchema.safeParse(given);
  if (!parsed.success) {
    throw new InvalidContext(`The context of the CDK app is wrong.\n${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.cdn && parsed.data.domain === undefined) {
    throw new InvalidContext('-c cdn=on needs -c domain=…: CloudFront stands in front of a domain.');
  }
  if (parsed.data.monthlyBudgetUsd !== undefined && parsed.data.alarmEmail === undefined) {
    throw new InvalidContext(
      '-c monthlyBudgetUsd=… needs -c alarmEmail=…: nobody would hear of a budget without it.',
    );
  }
  return parsed.data;
}
