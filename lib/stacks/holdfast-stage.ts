import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { KeyStack } from './key-stack.ts';
import { RegionalStack } from './regional-stack.ts';
import { TableStack } from './table-stack.ts';

/**
 * One installation: the keys, one for each region, then the table with all its replicas, then everything else of each
 * region, side by side. Stacks know each other's things by name only: none refers to another one, so none keeps another
 * one from changing or going.
 */
export class HoldfastStage extends Stage {
  constructor(scope: Construct, deployment: Deployment) {
    super(scope, `holdfast-${deployment.stage}`);
    const [firstRegion] = deployment.regions;
    const table = new TableStack(this, { region: firstRegion, deployment });
    for (const region of deployment.regions) {
      if (deployment.settings.ownKey) table.addStackDependency(new KeyStack(this, { region, deployment }));
      new RegionalStack(this, { region, deployment }).addStackDependency(table);
    }
  }
}
