/** What anybody may ask, with a key or without. */
import * as z from 'zod';
import { expectBody, expectProblem } from './expect-answer.ts';
import { type Check, CheckFailure } from './run-checks.ts';
import type { AskStage } from './stage-client.ts';

const health = z.object({
  status: z.enum(['ok', 'degraded']),
  region: z.string(),
  version: z.string(),
  checks: z.unknown().optional(),
});
const openApi = z.object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

/** The paths that the rest of the smoke test walks on. */
const DOCUMENTED = ['/reservations', '/movements', '/stock/{sku}'];

/** What the stage says of itself. */
export interface Stage {
  region: string;
  version: string;
}

/** @returns the check that finds out which region answers; it fills `stage`. */
export const healthCheck = (ask: AskStage, stage: Stage): Check => ({
  name: 'health',
  run: async () => {
    const found = await expectBody(ask, { method: 'GET', path: '/health' }, { status: 200, schema: health });
    stage.region = found.region;
    stage.version = found.version;
    if (found.status === 'ok') return;
    throw new CheckFailure(`the stage calls itself ${found.status}: ${JSON.stringify(found.checks)}`);
  },
});

export const publicChecks = (ask: AskStage): Check[] => [
  {
    name: 'OpenAPI document',
    run: async () => {
      const request = { method: 'GET', path: '/openapi.json' } as const;
      const { paths } = await expectBody(ask, request, { status: 200, schema: openApi });
      const missing = DOCUMENTED.filter((path) => !Object.keys(paths).some((found) => found.endsWith(path)));
      if (missing.length > 0) throw new CheckFailure(`the document lacks ${missing.join(', ')}`);
    },
  },
  {
    name: 'no key: 401',
    run: async () => {
      const request = { method: 'GET', path: '/products' } as const;
      await expectProblem(ask, request, { status: 401, code: 'unauthenticated' });
    },
  },
  {
    name: 'unknown path: 404',
    run: async () => {
      const request = { method: 'GET', path: '/smoke-unknown' } as const;
      await expectProblem(ask, request, { status: 404, code: 'not_found' });
    },
  },
  {
    name: 'wrong verb: 405 with Allow',
    run: async () => {
      const request = { method: 'DELETE', path: '/health' } as const;
      const { headers } = await expectProblem(ask, request, { status: 405, code: 'method_not_allowed' });
      const allow = headers.get('allow') ?? 'none';
      if (!allow.split(/,\s*/).includes('GET'))
        throw new CheckFailure(`Allow should name GET, but is ${allow}`);
    },
  },
];
