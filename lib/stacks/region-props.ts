import type { StackProps } from 'aws-cdk-lib';
import type { Deployment } from '../config/stages.ts';

/** A region of a deployment, as every stack of it is told. */
export interface RegionProps {
  /** One of the regions of the deployment. */
  readonly region: string;
  readonly deployment: Deployment;
}

/**
 * What all stacks have in common.
 *
 * @param what the stack holds, for the list of stacks in the console.
 */
export function stackPropsOf({ region, deployment }: RegionProps, what: string): StackProps {
  const { account, settings, stage } = deployment;
  return {
    description: `Holdfast, inventory reservations: stage ${stage} in ${region}, ${what}`,
    env: account === undefined ? { region } : { region, account },
    terminationProtection: settings.protectData,
    tags: { service: 'holdfast', stage },
  };
}
