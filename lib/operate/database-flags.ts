/** The flags that say whose databases a command opens. */
import * as z from 'zod';
import { UsageError } from '../command-line/usage-error.ts';
import { regionName } from '../config/environment.ts';
import { awsDatabases, localDatabases, type RegionTables } from './find-databases.ts';

/** The embedded stack listens there and nowhere else, and nobody else may be asked for databases. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** For `parseArgs`. */
export const DATABASE_FLAGS = {
  control: { type: 'string' },
  aws: { type: 'boolean' },
  stage: { type: 'string' },
  region: { type: 'string' },
} as const;

/** Their shape, to be part of that of a command. */
export const databaseFlags = {
  control: z
    .url({ protocol: /^http$/, error: 'must be a URL, like http://127.0.0.1:4000' })
    .refine((url) => LOOPBACK.has(new URL(url).hostname), 'must be on this machine')
    .optional(),
  aws: z.boolean().default(false),
  stage: z.string().min(1, 'must be the name of a stage').default('dev'),
  region: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(regionName))
    .optional(),
};

const flags = z.object(databaseFlags);

/** What they say. */
export type DatabaseChoice = z.infer<typeof flags>;

/** Exactly one of the two places. */
export const saysWhere = ({ control, aws, help }: DatabaseChoice & { readonly help: boolean }): boolean =>
  help || (control === undefined) === aws;
export const SAYS_WHERE = { error: 'say where: give one of them', path: ['control and --aws'] };

/** Nobody guesses which regions a stage in AWS has. */
export const namesRegions = ({ aws, region }: DatabaseChoice): boolean => !aws || region !== undefined;
export const NAMES_REGIONS = { error: 'is needed with --aws', path: ['region'] };

/** The databases of the regions that are asked for. @throws UsageError for one that is not there. */
export async function chosenRegions({ control, stage, region }: DatabaseChoice): Promise<RegionTables[]> {
  if (control === undefined) return awsDatabases(stage, region ?? []);
  const all = await localDatabases(control);
  const missing = (region ?? []).filter((name) => !all.some((one) => one.region === name));
  if (missing.length > 0)
    throw new UsageError(`The stack at ${control} has no region ${missing.join(', ')}.`);
  return all.filter((one) => region === undefined || region.includes(one.region));
}
