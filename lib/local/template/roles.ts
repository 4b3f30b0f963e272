import { parseStatement, type Statement } from '../iam/policy.ts';
import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';

const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::Policy';

/** Permissions that are enforced: those of the calls that pass through the stack's own hands. */
const ENFORCED = /^(?:dynamodb|sts):|^\*$/;

/** A role as the templates define it, with the permissions that are enforced. */
export interface RoleDefinition {
  readonly arn: string;
  /** Who may assume it: ARNs of roles. Services are left out, they never ask here. */
  readonly trusts: ReadonlySet<string>;
  readonly statements: readonly Statement[];
}

interface RawStatement {
  readonly Action?: string | readonly string[];
  readonly Principal?: { readonly AWS?: unknown };
}

const list = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Item];

/** Before references are resolved: what is not enforced may refer to what is not known locally. */
const isEnforced = ({ Action }: RawStatement): boolean =>
  list(Action).some((action) => ENFORCED.test(action));

const rawStatements = (document: unknown): readonly RawStatement[] =>
  list((document as { readonly Statement?: RawStatement | readonly RawStatement[] })?.Statement);

function statementsOf(resolver: Resolver, document: unknown, path: string): Statement[] {
  return rawStatements(document)
    .filter(isEnforced)
    .map((statement, index) => {
      try {
        return parseStatement(resolver.resolve(statement, `${path}.Statement.${index}`));
      } catch (cause) {
        if (cause instanceof TemplateError) throw cause;
        throw new TemplateError(
          `${path}.Statement.${index}`,
          `is not evaluated locally: ${(cause as Error).message}`,
        );
      }
    });
}

/** The policies of a stack by the logical id of the role they are attached to. */
function attached(resolver: Resolver): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(resolver.stack.template.Resources)) {
    if (Type !== POLICY) continue;
    const statements = statementsOf(
      resolver,
      Properties['PolicyDocument'],
      resolver.pathOf(logicalId, 'PolicyDocument'),
    );
    for (const role of list(Properties['Roles'] as { readonly Ref?: string } | undefined)) {
      if (role.Ref !== undefined) found.set(role.Ref, [...(found.get(role.Ref) ?? []), ...statements]);
    }
  }
  return found;
}

function trustsOf(resolver: Resolver, document: unknown, path: string): Set<string> {
  const principals = rawStatements(document).flatMap(({ Principal }) => list(Principal?.AWS));
  return new Set(principals.map((principal) => String(resolver.resolve(principal, path))));
}

/**
 * The roles of one region's stacks, by ARN.
 *
 * @throws TemplateError for a statement about the database that cannot be evaluated.
 */
export function readRoles(resolvers: readonly Resolver[]): Map<string, RoleDefinition> {
  const roles = new Map<string, RoleDefinition>();
  for (const resolver of resolvers) {
    const policies = attached(resolver);
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(resolver.stack.template.Resources)) {
      if (Type !== ROLE) continue;
      const path = resolver.pathOf(logicalId, 'AssumeRolePolicyDocument');
      const arn = String(resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }, path));
      const inline = list(Properties['Policies'] as { readonly PolicyDocument?: unknown } | undefined);
      const own = inline.flatMap(({ PolicyDocument }) => statementsOf(resolver, PolicyDocument, path));
      roles.set(arn, {
        arn,
        trusts: trustsOf(resolver, Properties['AssumeRolePolicyDocument'], path),
        statements: [...own, ...(policies.get(logicalId) ?? [])],
      });
    }
  }
  return roles;
}
