import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { regionalName } from '../constructs/service-domain.ts';
import { BackupStack } from './backup-stack.ts';
import { CostStack } from './cost-stack.ts';
import { EdgeStack } from './edge-stack.ts';
import { KeyStack } from './key-stack.ts';
import { RegionalStack } from './regional-stack.ts';
import { SchemaStack } from './schema-stack.ts';
import { TableStack } from './table-stack.ts';

/**
 * One installation: the keys, one for each region, then the table with all its replicas, then everything else of each
 * region, side by side. Stacks know each other's things by name only: none refers to another one, so none keeps another
 * one from changing or going.
 */
export class HoldfastStage extends Stage {
  /** Everything but keys and the table, in the order of the regions. */
  readonly regionalStacks: RegionalStack[] = [];

  constructor(scope: Construct, deployment: Deployment) {
    super(scope, `holdfast-${deployment.stage}`);
    const [firstRegion] = deployment.regions;
    const table = new TableStack(this, { region: firstRegion, deployment });
    for (const region of deployment.regions) {
      if (deployment.settings.ownKey) table.addStackDependency(new KeyStack(this, { region, deployment }));
      const regional = new RegionalStack(this, { region, deployment });
      regional.addStackDependency(table);
      this.regionalStacks.push(regional);
      new SchemaStack(this, { region, deployment });
      if (deployment.settings.protectData) {
        new BackupStack(this, { region, deployment }).addStackDependency(table);
      }
    }
    this.addOptionalStacks(deployment);
  }

  private addOptionalStacks(deployment: Deployment): void {
    const { alarmEmail: email, monthlyBudgetUsd: monthlyUsd } = deployment.options;
    if (email !== undefined && monthlyUsd !== undefined)
      new CostStack(this, { deployment, monthlyUsd, email });
    const { cdn, domain } = deployment.options;
    const originName = regionalName(deployment);
    if (!cdn || domain === undefined || originName === undefined) return;
    const edge = new EdgeStack(this, { deployment, domain, originName });
    for (const regional of this.regionalStacks) edge.addStackDependency(regional);
  }
}
