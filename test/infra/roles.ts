import type { FunctionName } from '../../lib/config/functions.ts';
import type { StackTemplate } from '../../lib/local/template/cloudformation.ts';
import { Resolver } from '../../lib/local/template/intrinsics.ts';
import { type RoleDefinition, readRoles } from '../../lib/local/template/roles.ts';
import { functionsOf, type SynthesizedStack } from './synthesis.ts';

/** The template as the embedded stack reads it, without bundles. */
function templateOf({ region, resources }: SynthesizedStack): StackTemplate {
  const Resources = Object.fromEntries(
    resources.map(({ id, type, properties }) => [id, { Type: type, Properties: properties as object }]),
  );
  return { stackName: region, region, template: { Resources: Resources as never }, assets: new Map() };
}

/** The roles of a stack, and whose they are. */
export function rolesOf(stack: SynthesizedStack) {
  const template = templateOf(stack);
  const resolver = new Resolver(template, [template]);
  const roles = readRoles([resolver]);
  const named = functionsOf<{ Environment: { Variables: Record<string, unknown> } }>(stack);
  const arnOf = (name: FunctionName): string => String(resolver.property(named.get(name)?.id ?? '', 'Role'));
  const roleOf = (name: FunctionName): RoleDefinition => {
    const role = roles.get(arnOf(name));
    if (role === undefined) throw new Error(`${name} has no role.`);
    return role;
  };
  const tenantRole = [...roles.values()].find(({ trusts }) => trusts.size > 0);
  if (tenantRole === undefined) throw new Error('No role is assumed by others.');
  return { roles, roleOf, arnOf, tenantRole };
}
