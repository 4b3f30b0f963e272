import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags } from '../../command-line/parse-flags.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { InvalidContext } from '../../config/context.ts';
import { type Deployment, parseDeployment } from '../../config/stages.ts';

export const PREFLIGHT_USAGE = `Says which deployments lead from what is deployed to what is wanted, before you begin.
DynamoDB changes one replica or one index of a table at a time.

  npm run preflight -- --stage prod --regions us-east-1,eu-west-1 [--json]

  --stage STAGE      the stage, as in -c stage=… (default dev)
  --regions LIST     the regions that it shall have, the owner of the table first
  --endpoint URL     where DynamoDB is (default: that of AWS, with your credentials)
  --json             one line of JSON instead of text

It reads one description of the table and changes nothing.`;

const flags = z.object({
  stage: z.string().optional(),
  regions: z.string().optional(),
  endpoint: z.url({ protocol: /^https?$/, error: 'must be a URL' }).optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export interface PreflightOptions {
  readonly deployment: Deployment;
  readonly endpoint: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that says which flag is wrong, and what to write. */
export function parsePreflightOptions(args: readonly string[]): PreflightOptions {
  const { stage, regions, endpoint, json, help } = parseFlags(flags, () => {
    const options = {
      stage: { type: 'string' },
      regions: { type: 'string' },
      endpoint: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  });
  try {
    return { deployment: parseDeployment({ stage, regions }, {}), endpoint, json, help };
  } catch (cause) {
    if (cause instanceof InvalidContext) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
