import type { DeploymentPlan, DeploymentStep } from './plan-deployments.ts';

const commandOf = (stage: string, { regions }: DeploymentStep): string =>
  `npx cdk deploy "**" -c stage=${stage} -c regions=${regions.join(',')}`;

/** The plan, for people: what to type, in this order. */
export function renderPlan(plan: DeploymentPlan, stage: string): string {
  if (plan.outcome === 'impossible') return plan.reason;
  const head =
    plan.steps.length === 1 ? 'One deployment:' : `${plan.steps.length} deployments, one after the other:`;
  const steps = plan.steps.flatMap((step, index) => [
    ...(step.before === undefined ? [] : [`     First: ${step.before}`]),
    `  ${index + 1}. ${commandOf(stage, step)}`,
    `     ${step.why}`,
  ]);
  return [head, ...steps].join('\n');
}
