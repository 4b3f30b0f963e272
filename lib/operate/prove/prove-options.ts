import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags } from '../../command-line/parse-flags.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { InvalidContext } from '../../config/context.ts';
import { type Deployment, parseDeployment } from '../../config/stages.ts';
import { apiFlag, keyFlag } from '../api-flags.ts';

export const PROVE_USAGE = `Proves of a deployed stage what its templates cannot show, in some three minutes.

  npm run prove -- --stage prod --regions us-east-1,eu-west-1 --api URL --api URL [options]

  --stage STAGE      the stage, as in -c stage=… (default dev)
  --regions LIST     its regions, the owner of the table first
  --api URL          the API of each region, in the same order, each ending in /v1
  --key KEY          an operator's key (default: the one in the secret of the stage)
  --only account|api asks the services of the account alone, or the APIs alone
  --json             the report as one line of JSON on stdout

The account is asked with your credentials, and only read. The APIs are asked with a tenant of their own, smoke.
The exit code is 1 if anything is not proved.`;

const flags = z.object({
  stage: z.string().optional(),
  regions: z.string().optional(),
  api: z.array(apiFlag).default([]),
  key: keyFlag.optional(),
  only: z.enum(['account', 'api'], { error: 'must be account or api' }).optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export interface ProveOptions {
  readonly deployment: Deployment;
  readonly apis: readonly string[];
  readonly key: string | undefined;
  readonly only: 'account' | 'api' | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

const FLAGS = {
  stage: { type: 'string' },
  regions: { type: 'string' },
  api: { type: 'string', multiple: true },
  key: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

function deploymentOf(stage: string | undefined, regions: string | undefined): Deployment {
  try {
    return parseDeployment({ stage, regions }, {});
  } catch (cause) {
    if (cause instanceof InvalidContext) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

/** @throws UsageError that names the flag that is wrong. */
export function parseProveOptions(argv: readonly string[]): ProveOptions {
  const parsed = parseFlags(flags, () => parseArgs({ args: [...argv], options: FLAGS }).values);
  const { stage, regions, api: apis, key, only, json, help } = parsed;
  const deployment = deploymentOf(stage, regions);
  if (!help && only !== 'account' && apis.length !== deployment.regions.length) {
    throw new UsageError(
      `--api must be given once for each of ${deployment.regions.join(', ')}. See --help.`,
    );
  }
  return { deployment, apis, key, only, json, help };
}
