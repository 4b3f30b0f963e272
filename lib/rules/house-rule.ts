import type { CfnResource } from 'aws-cdk-lib';

/** A rule of our own for the resources of one kind, besides those of cdk-nag. */
export interface HouseRule {
  /** Its name in findings and acknowledgements, behind `Holdfast-`. */
  readonly name: string;
  /** What is wrong when a resource breaks it, and what to do. */
  readonly message: string;
  /** @returns whether a resource keeps it; `undefined` for a resource that it is not about. */
  check(resource: CfnResource): boolean | undefined;
}
