import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags } from '../../command-line/parse-flags.ts';
import {
  DATABASE_FLAGS,
  databaseFlags,
  NAMES_REGIONS,
  namesRegions,
  SAYS_WHERE,
  saysWhere,
} from '../database-flags.ts';

export const REBUILD_USAGE = `Computes the read model anew from the records of each region, and says where it differed.

  npm run rebuild -- --control http://127.0.0.1:4000 [options]
  npm run rebuild -- --aws --stage prod --region us-east-1,eu-west-1 [options]

  --control URL      the control server of an embedded stack that is running
  --aws              a stage in AWS, with the credentials of the caller
  --stage NAME       of it (dev)
  --region A,B       these regions only; needed with --aws
  --tenant ID        skus of this tenant only
  --sku SKU          this sku of that tenant only
  --dry-run          only look; the exit code is 1 if something differs
  --json             the report as one line of JSON on stdout
  --help

Without --tenant and --sku it walks over the whole replica of each region. The service may run meanwhile; a
difference may be news that its stream has not brought yet: look again in a minute.
`;

const schema = z
  .strictObject({
    ...databaseFlags,
    tenant: z.string().min(1, 'must be the id of a tenant').optional(),
    sku: z.string().min(1, 'must be a sku').optional(),
    'dry-run': z.boolean().default(false),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(saysWhere, SAYS_WHERE)
  .refine(namesRegions, NAMES_REGIONS)
  .refine(({ sku, tenant }) => sku === undefined || tenant !== undefined, {
    error: 'needs --tenant',
    path: ['sku'],
  });

export type RebuildCommand = z.infer<typeof schema>;

const FLAGS = {
  ...DATABASE_FLAGS,
  tenant: { type: 'string' },
  sku: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of a rebuild.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseRebuildOptions(argv: readonly string[]): RebuildCommand {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
