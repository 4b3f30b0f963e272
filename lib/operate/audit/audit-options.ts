import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { CONCURRENCY_MAX } from '../../replay/replay-options.ts';
import { apiFlag, keyFlag } from '../api-flags.ts';

/** An audit reads a product in every region, several times: more at once would be felt by shoppers. */
const CONCURRENCY_DEFAULT = 8;
const API_DEFAULT = 'http://127.0.0.1:4001/v1';

export const AUDIT_USAGE = `Audits every product of a tenant: is each unit where it should be?

  npm run audit -- --key KEY [options]

  --key KEY          an API key of the tenant, with the scope read
  --api URL          the API, ending in /v1 (${API_DEFAULT})
  --prefix TEXT      only products whose sku begins so
  --concurrency N    products audited at once (${CONCURRENCY_DEFAULT})
  --json             the result as one line of JSON on stdout
  --help

The exit code is 1 if the books of any product do not agree.
`;

const schema = z
  .strictObject({
    key: keyFlag.optional(),
    api: apiFlag.default(API_DEFAULT),
    prefix: z.string().default(''),
    concurrency: wholeNumber(CONCURRENCY_MAX).default(CONCURRENCY_DEFAULT),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ key, help }) => help || key !== undefined, {
    error: 'is needed: npm start shows those of the embedded stack',
    path: ['key'],
  });

export type AuditOptions = z.infer<typeof schema>;

const FLAGS = {
  key: { type: 'string' },
  api: { type: 'string' },
  prefix: { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of an audit.
 *
 * @throws UsageError that names the flag that is wrong.
 */
export function parseAuditOptions(argv: readonly string[]): AuditOptions {
  return parseFlags(schema, () => parseArgs({ args: [...argv], options: FLAGS }).values);
}
