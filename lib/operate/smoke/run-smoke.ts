import type { Clock } from '../../application/ports.ts';
import { healthCheck, publicChecks, type Stage } from './public-checks.ts';
import { type CheckResult, runChecks, type Watch } from './run-checks.ts';
import { openKey, type SmokeKey } from './smoke-key.ts';
import type { AskStage } from './stage-client.ts';
import { stockChecks } from './stock-checks.ts';

export interface SmokeReport {
  readonly ok: boolean;
  readonly api: string;
  /** Empty when nobody answered. */
  readonly region: string;
  readonly version: string;
  readonly milliseconds: number;
  readonly checks: readonly CheckResult[];
}

export interface SmokeTarget {
  readonly api: string;
  readonly key: string;
  /** Unique to this run: idempotency keys and the order are called by it. */
  readonly runId: string;
}

export interface SmokeWorld extends Watch {
  readonly ask: AskStage;
  readonly clock: Pick<Clock, 'sleep'>;
}

const isOver = (results: readonly CheckResult[]): boolean =>
  results.some(({ result }) => result === 'failed');

/** Checks that need a key. What was made for them is undone, also when one fails. */
async function checkWithKey({ key, runId }: SmokeTarget, world: SmokeWorld, stage: Stage) {
  const { ask, clock } = world;
  let opened: SmokeKey | undefined;
  const run = { ask, clock, runId, key: () => opened?.secret ?? '', region: () => stage.region };
  const open = {
    name: 'key',
    run: async () => {
      opened = await openKey(ask, key);
    },
  };
  const results = await runChecks([open, ...stockChecks(run)], world, { inOrder: true });
  const { revoke } = opened ?? {};
  if (revoke === undefined) return results;
  const last = { name: 'key revoked', run: revoke };
  return [...results, ...(await runChecks([last], world, { inOrder: false }))];
}

/** Checks a stage from outside: that it answers, refuses what it must, and keeps its books. */
export async function runSmoke(target: SmokeTarget, world: SmokeWorld): Promise<SmokeReport> {
  const { ask, now } = world;
  const startedMs = now();
  const stage: Stage = { region: '', version: '' };
  const health = await runChecks([healthCheck(ask, stage)], world, { inOrder: false });
  // Whoever does not say which region it is does not answer the rest either; each would wait for its end.
  const rest =
    stage.region === ''
      ? []
      : [
          ...(await runChecks(publicChecks(ask), world, { inOrder: false })),
          ...(await checkWithKey(target, world, stage)),
        ];
  const checks = [...health, ...rest];
  const milliseconds = Math.round(now() - startedMs);
  return { ok: !isOver(checks), api: target.api, ...stage, milliseconds, checks };
}
