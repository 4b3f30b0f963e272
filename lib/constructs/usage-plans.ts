import { ApiKey, type RestApi, type ThrottleSettings, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { PLAN_THROTTLES, type PlanTier, planKey } from '../config/tiers.ts';

export interface UsagePlansProps {
  readonly deployment: Deployment;
  readonly api: RestApi;
}

/**
 * A usage plan of the gateway for each tier, with the one key that the authorizer names for the tenants of the tier. A
 * key for each tenant would be a call to the gateway's control plane in each region whenever a tenant is made.
 */
export class UsagePlans extends Construct {
  constructor(scope: Construct, id: string, { deployment, api }: UsagePlansProps) {
    super(scope, id);
    for (const tier of Object.keys(PLAN_THROTTLES) as PlanTier[]) {
      const key = new ApiKey(this, `${tier}Key`, {
        apiKeyName: planKey(deployment.stage, tier),
        value: planKey(deployment.stage, tier),
        description: `What all tenants of tier ${tier} share. No caller can send it.`,
      });
      const plan = new UsagePlan(this, tier, {
        name: planKey(deployment.stage, tier),
        description: `All tenants of tier ${tier} in this region together.`,
        apiStages: [{ stage: api.deploymentStage }],
        ...throttleOf(tier),
      });
      plan.addApiKey(key);
    }
  }
}

function throttleOf(tier: PlanTier): { readonly throttle?: ThrottleSettings } {
  const throttle = PLAN_THROTTLES[tier];
  if (throttle === undefined) return {};
  return { throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst } };
}
