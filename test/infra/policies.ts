import type { FunctionName } from '../../lib/config/functions.ts';
import { functionsOf, resourcesOf, type SynthesizedStack, written } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

export interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles: readonly { readonly Ref: string }[];
}

/** One or many, as policies write both. */
export const list = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? value : [value as Item];

/** What a function may do, as `action resource`. */
export function permissionsOf(stack: SynthesizedStack, name: FunctionName): string[] {
  const target = functionsOf<{ Environment: never; Role: unknown }>(stack).get(name);
  const role = written(target?.properties.Role).slice(1, -'.Arn>'.length);
  return resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${written(resource)}`)),
    );
}
