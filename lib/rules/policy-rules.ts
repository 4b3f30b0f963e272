import type { CfnResource } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import type { HouseRule } from './house-rule.ts';
import { resolved } from './resolved.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, unknown>> };
}

/** Properties that hold a policy about the resource itself, whatever its type calls them. */
const RESOURCE_POLICIES = ['policyDocument', 'keyPolicy', 'resourcePolicy', 'policy'] as const;

function statementsOf(resource: CfnResource, property: string): readonly Statement[] {
  const document = resolved(resource, (resource as unknown as Record<string, unknown>)[property]);
  const statements = document?.Statement ?? [];
  return Array.isArray(statements) ? statements : [statements];
}

const isAnybody = (principal: unknown): boolean =>
  ['"*"', '{"AWS":"*"}', '{"AWS":["*"]}'].includes(JSON.stringify(principal));

/** A key is open to whoever comes from this account by way of one service, and to nobody else. */
const isNarrowed = ({ Condition }: Statement): boolean => {
  const equals = Condition?.StringEquals ?? {};
  return 'kms:CallerAccount' in equals && 'kms:ViaService' in equals;
};

const NEVER_AT_RUN_TIME = ['dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'kms:ScheduleKeyDeletion', 'iam:'];

export const POLICY_RULES: readonly HouseRule[] = [
  {
    name: 'NoOpenPolicy',
    message: 'A policy allows something to everybody: name who may.',
    check: (resource) => {
      const statements = RESOURCE_POLICIES.flatMap((property) => statementsOf(resource, property));
      if (statements.length === 0) return undefined;
      const open = statements.filter(({ Effect, Principal }) => Effect === 'Allow' && isAnybody(Principal));
      return open.every((statement) => resource instanceof CfnKey && isNarrowed(statement));
    },
  },
  {
    name: 'NoDestruction',
    message:
      'Something that runs may delete or change tables, keys or permissions: leave that to deployments.',
    check: (resource) => {
      if (!(resource instanceof CfnPolicy || resource instanceof CfnManagedPolicy)) return undefined;
      const actions = statementsOf(resource, 'policyDocument').flatMap(({ Action = [] }) => Action);
      return !actions.some((action) => NEVER_AT_RUN_TIME.some((never) => action.startsWith(never)));
    },
  },
];
