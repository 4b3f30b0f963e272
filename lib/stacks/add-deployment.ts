import type { App } from 'aws-cdk-lib';
import type { ContextName } from '../config/context.ts';
import { parseDeployment } from '../config/stages.ts';
import { HoldfastStage } from './holdfast-stage.ts';

/** Parts that two stages cannot share, or that one is enough of. */
const NOT_IN_STAGING = {
  domain: undefined,
  cdn: undefined,
  monthlyBudgetUsd: undefined,
  alarmEmail: undefined,
};

type Given = { readonly [Name in ContextName]?: unknown };
type Defaults = Parameters<typeof parseDeployment>[1];

/**
 * Adds what the context asks for: one installation, or a pipeline that deploys it.
 *
 * @throws InvalidContext that says what to type instead.
 */
export async function addDeployment(app: App, context: Given, defaults: Defaults): Promise<void> {
  const deployment = parseDeployment(context, defaults);
  // The embedded stack's templates are never deployed, and its start is waited for: it loads nothing that it does not need.
  if (deployment.stage !== 'local') (await import('../rules/add-checks.ts')).addChecks(app);
  const { pipeline } = deployment.options;
  if (pipeline === undefined) {
    new HoldfastStage(app, deployment);
    return;
  }
  const { PipelineStack } = await import('./pipeline-stack.ts');
  // Actions in other regions need to know their account. It is that of the connection.
  const account = { account: pipeline.connectionArn.split(':')[4] };
  const [regions] = deployment.regions;
  new PipelineStack(app, {
    pipeline,
    context: { ...context, regions: deployment.regions.join(',') },
    deployment: parseDeployment({ ...context, regions: deployment.regions.join(',') }, account),
    staging: parseDeployment({ ...context, ...NOT_IN_STAGING, stage: 'staging', regions }, account),
  });
}
