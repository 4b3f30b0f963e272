import { type CfnResource, Stack } from 'aws-cdk-lib';

/** A value of a resource as its template will have it, with tokens as intrinsic functions. */
// biome-ignore lint/suspicious/noExplicitAny: a template's value has any shape; each rule looks for the one it knows.
export function resolved(resource: CfnResource, value: unknown): any {
  return Stack.of(resource).resolve(value);
}

/** The resources of the same stack. */
export function neighboursOf(resource: CfnResource): CfnResource[] {
  return Stack.of(resource)
    .node.findAll()
    .filter((construct): construct is CfnResource => 'cfnResourceType' in construct);
}

/** The logical id that `Ref` or `Fn::GetAtt` names; `undefined` for anything else. */
export function referredId(resource: CfnResource, value: unknown): string | undefined {
  const found = resolved(resource, value);
  return found?.Ref ?? found?.['Fn::GetAtt']?.[0];
}

export function logicalIdOf(resource: CfnResource): string {
  return resolved(resource, resource.logicalId);
}
