import type { FunctionName } from '../../lib/config/functions.ts';
import { functionsOf, resourcesOf, type SynthesizedStack, written } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles: readonly { readonly Ref: string }[];
}

/** One or many, as policies write both. */
export const list = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? value : [value as Item];

/** The keys that a statement is bound to, if it is. */
const keysOf = ({ Condition }: Statement): string =>
  Condition === undefined
    ? ''
    : ` where ${JSON.stringify(Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'])}`;

/** What a function may do, as `action resource`, and with which keys if not with all. */
export function permissionsOf(stack: SynthesizedStack, name: FunctionName): string[] {
  const target = functionsOf<{ Environment: never; Role: unknown }>(stack).get(name);
  const role = written(target?.properties.Role).slice(1, -'.Arn>'.length);
  return resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .flatMap((statement) =>
      list(statement.Action).flatMap((action) =>
        list(statement.Resource).map((resource) => `${action} ${written(resource)}${keysOf(statement)}`),
      ),
    );
}
