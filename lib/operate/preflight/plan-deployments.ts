/** DynamoDB changes one replica or one index of a global table at a time; a deployment that changes two is refused. */

/** What a table has, or shall have. */
export interface TableShape {
  /** Regions of its replicas; the first is that of the stack that owns the table. */
  readonly regions: readonly string[];
  readonly indexes: readonly string[];
}

/** One deployment of all stacks, or what must be done by hand between two. */
export interface DeploymentStep {
  readonly why: string;
  /** The regions to deploy with. */
  readonly regions: readonly string[];
  /** What must have happened before. */
  readonly before?: string;
}

export type DeploymentPlan =
  | { readonly outcome: 'ready' | 'steps'; readonly steps: readonly DeploymentStep[] }
  | { readonly outcome: 'impossible'; readonly reason: string };

const missingIn = (all: readonly string[], some: readonly string[]): string[] =>
  all.filter((name) => !some.includes(name));

const impossible = (reason: string): DeploymentPlan => ({ outcome: 'impossible', reason });

function planRegions(deployed: readonly string[], wanted: readonly string[]): DeploymentStep[] {
  const steps: DeploymentStep[] = [];
  let regions = [...deployed];
  for (const region of missingIn(deployed, wanted)) {
    regions = regions.filter((name) => name !== region);
    steps.push({
      why: `removes the replica in ${region}`,
      regions,
      before: `Drain ${region} until it is drained, then delete its own stack: docs/deploy.md, "Remove a region".`,
    });
  }
  for (const region of missingIn(wanted, deployed)) {
    regions = [...regions, region];
    steps.push({ why: `adds a replica in ${region}`, regions });
  }
  return steps;
}

/**
 * Which deployments lead from the table that is there to the one that is wanted, one replica or index each.
 *
 * @param deployed `undefined` when there is no table yet: then everything is created at once.
 */
export function planDeployments(deployed: TableShape | undefined, wanted: TableShape): DeploymentPlan {
  if (deployed === undefined) {
    return { outcome: 'ready', steps: [{ why: 'creates everything', regions: wanted.regions }] };
  }
  const [owner = ''] = wanted.regions;
  if (!deployed.regions.includes(owner)) {
    return impossible(
      `${owner} is named first, but the table is owned by one of ${deployed.regions.join(', ')}. ` +
        'The first region keeps the list of tenants and the stack of the table: name the same one first as before.',
    );
  }
  const changedIndexes = [
    ...missingIn(wanted.indexes, deployed.indexes),
    ...missingIn(deployed.indexes, wanted.indexes),
  ];
  if (changedIndexes.length > 1) {
    return impossible(
      `This release changes ${changedIndexes.length} indexes (${changedIndexes.join(', ')}), and DynamoDB changes one ` +
        'at a time: deploy the releases between one after the other.',
    );
  }
  const [index] = changedIndexes;
  const indexSteps =
    index === undefined ? [] : [{ why: `changes the index ${index}`, regions: deployed.regions }];
  const steps = [...indexSteps, ...planRegions(deployed.regions, wanted.regions)];
  if (steps.length > 0) return { outcome: 'steps', steps };
  return {
    outcome: 'ready',
    steps: [{ why: 'changes neither replicas nor indexes', regions: wanted.regions }],
  };
}
