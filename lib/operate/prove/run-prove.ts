import type { Clock } from '../../application/ports.ts';
import { secretName } from '../../config/secrets.ts';
import { type CheckResult, runChecks, type Watch } from '../smoke/run-checks.ts';
import type { AskStage } from '../smoke/stage-client.ts';
import { accountClaims } from './account-claims.ts';
import type { AccountView } from './account-view.ts';
import { apiClaims, type ProvenRegion } from './api-claims.ts';
import type { ProveOptions } from './prove-options.ts';

export interface ProveWorld extends Watch {
  readonly account: AccountView;
  readonly askAt: (api: string) => AskStage;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly runId: string;
}

export interface ProveReport {
  readonly ok: boolean;
  readonly stage: string;
  readonly claims: readonly CheckResult[];
}

async function proveApis(options: ProveOptions, world: ProveWorld): Promise<CheckResult[]> {
  const { deployment, apis, key } = options;
  const [first, ...others] = deployment.regions.map(
    (region, index): ProvenRegion => ({ region, ask: world.askAt(apis[index] ?? '') }),
  );
  if (first === undefined) return [];
  const { stage, regions } = deployment;
  const operatorKey = key ?? (await world.account.secret(regions[0], secretName(stage, 'operator')));
  const { claims, end } = apiClaims({ regions: [first, ...others], operatorKey, ...world });
  const results = await runChecks(claims, world, { inOrder: true });
  return [...results, ...(await runChecks([end], world, { inOrder: false }))];
}

/** Proves what can be proved of a stage. What fails does not keep the others from being looked at. */
export async function runProve(options: ProveOptions, world: ProveWorld): Promise<ProveReport> {
  const { deployment, only } = options;
  const account =
    only === 'api'
      ? []
      : await runChecks(accountClaims(world.account, deployment), world, { inOrder: false });
  const apis = only === 'account' ? [] : await proveApis(options, world);
  const claims = [...account, ...apis];
  return { ok: claims.every(({ result }) => result === 'passed'), stage: deployment.stage, claims };
}
