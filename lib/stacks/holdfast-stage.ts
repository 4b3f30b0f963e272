import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { RegionalStack } from './regional-stack.ts';

/**
 * One installation: a stack per region. The first region's stack creates the table and all its replicas, so it
 * comes first; the others know the table's name and nothing else of it, and deploy side by side.
 */
export class HoldfastStage extends Stage {
  constructor(scope: Construct, deployment: Deployment) {
    super(scope, `holdfast-${deployment.stage}`);
    const [firstRegion, ...otherRegions] = deployment.regions;
    const first = new RegionalStack(this, { region: firstRegion, deployment });
    for (const region of otherRegions) {
      new RegionalStack(this, { region, deployment }).addStackDependency(first);
    }
  }
}
