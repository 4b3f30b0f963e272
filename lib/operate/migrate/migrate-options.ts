import { parseArgs } from 'node:util';
import * as z from 'zod';
import { changingEntities } from '../../adapters/dynamodb/stored-forms.ts';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import {
  DATABASE_FLAGS,
  databaseFlags,
  NAMES_REGIONS,
  namesRegions,
  SAYS_WHERE,
  saysWhere,
} from '../database-flags.ts';

/** A tenth of what one partition takes: shoppers do not feel it, and a million reservations take about two hours. */
const UNITS_DEFAULT = 200;
/** What a new table takes on demand, reads and writes together; more is a matter for its warm throughput. */
const UNITS_MAX = 16_000;
/** One machine reads and writes as fast as it may with these; DynamoDB would take a million. */
const SEGMENTS_DEFAULT = 4;
const SEGMENTS_MAX = 64;
const CHECKPOINT_DEFAULT = '.holdfast/migrate.json';

export const MIGRATE_USAGE = `Brings stored items to the current version of their form, in each region those that the region owns.

  npm run migrate -- --control http://127.0.0.1:4000 [options]
  npm run migrate -- --aws --stage prod --region us-east-1,eu-west-1 [options]

  --control URL      the control server of an embedded stack that is running
  --aws              a stage in AWS, with the credentials of the caller
  --stage NAME       of it (dev)
  --region A,B       these regions only; needed with --aws
  --entity NAME      items of this kind only (all that are stored in two versions)
  --units N          capacity units a second, reads and writes of a region together (${UNITS_DEFAULT})
  --segments N       parts of the table that are read side by side (${SEGMENTS_DEFAULT})
  --checkpoint FILE  where it is noted how far each part is (${CHECKPOINT_DEFAULT})
  --dry-run          only count; the exit code is 1 if anything is to be done
  --json             the report as one line of JSON on stdout
  --help

The service may run meanwhile. A run that was interrupted goes on where it was, with the same flags. Run it when every
region writes the current version; docs/schema-changes.md says how that is known.
`;

const schema = z
  .strictObject({
    ...databaseFlags,
    entity: z
      .string()
      .transform((name) => changingEntities().find((entity) => entity === name))
      .refine((entity) => entity !== undefined, `must be one of ${changingEntities().join(', ')}`)
      .optional(),
    units: wholeNumber(UNITS_MAX).default(UNITS_DEFAULT),
    segments: wholeNumber(SEGMENTS_MAX).default(SEGMENTS_DEFAULT),
    checkpoint: z.string().min(1, 'must be a file').default(CHECKPOINT_DEFAULT),
    'dry-run': z.boolean().default(false),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(saysWhere, SAYS_WHERE)
  .refine(namesRegions, NAMES_REGIONS);

export type MigrateCommand = z.infer<typeof schema>;

const FLAGS = {
  ...DATABASE_FLAGS,
  entity: { type: 'string' },
  units: { type: 'string' },
  segments: { type: 'string' },
  checkpoint: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of a migration.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseMigrateOptions(argv: readonly string[]): MigrateCommand {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
