import { describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName, type TableAccess } from '../../lib/config/functions.ts';
import { INDEXES } from '../../lib/config/table.ts';
import { functionsOf, resourcesOf, type SynthesizedStack, synthesize, written } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles: readonly { readonly Ref: string }[];
}

const list = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? value : [value as Item];

/** What a function may do, as `action resource`. */
function permissionsOf(stack: SynthesizedStack, name: FunctionName): string[] {
  const target = functionsOf<{ Environment: never; Role: unknown }>(stack).get(name);
  const role = written(target?.properties.Role).slice(1, -'.Arn>'.length);
  return resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${written(resource)}`)),
    );
}

const READ = ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query'];
const ACTIONS: Record<TableAccess, readonly string[]> = {
  none: [],
  read: READ,
  readWrite: [...READ, 'DeleteItem', 'PutItem', 'UpdateItem'],
};

function expectedOnTable(tableArn: string, access: TableAccess): string[] {
  if (access === 'none') return [];
  const onTable = ACTIONS[access].map((action) => `dynamodb:${action} ${tableArn}`);
  const onIndexes = Object.values(INDEXES).map(({ name }) => `dynamodb:Query ${tableArn}/index/${name}`);
  return [...onTable, ...onIndexes];
}

const [owner, other] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1' }) as [
  SynthesizedStack,
  SynthesizedStack,
];
const [ownTable] = resourcesOf(owner, 'AWS::DynamoDB::GlobalTable');
const STACKS = [
  { region: 'us-east-1', stack: owner, tableArn: `<${ownTable?.id}.Arn>` },
  {
    region: 'eu-west-1',
    stack: other,
    tableArn: 'arn:aws:dynamodb:eu-west-1:<AWS::AccountId>:table/holdfast-prod',
  },
];

describe.each(STACKS)('permissions in $region', ({ stack, tableArn }) => {
  const names = Object.keys(FUNCTIONS) as FunctionName[];

  it.each(names)('%s may do to the table and its indexes what its settings say, and nothing else', (name) => {
    const permissions = permissionsOf(stack, name).filter((permission) => permission.startsWith('dynamodb:'));
    expect(permissions.toSorted()).toEqual(expectedOnTable(tableArn, FUNCTIONS[name].table).toSorted());
  });

  it.each(names)('%s may write to its own log, and that is all besides the table', (name) => {
    const permissions = permissionsOf(stack, name).filter(
      (permission) => !permission.startsWith('dynamodb:'),
    );
    const logGroup = functionsOf<{ Environment: never; LoggingConfig: { LogGroup: { Ref: string } } }>(
      stack,
    ).get(name)?.properties.LoggingConfig.LogGroup.Ref;
    expect(permissions.toSorted()).toEqual([
      `logs:CreateLogStream <${logGroup}.Arn>`,
      `logs:PutLogEvents <${logGroup}.Arn>`,
    ]);
  });

  it('no policy names a wildcard action, a scan, or every resource', () => {
    const policies = resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy');
    for (const statement of policies.flatMap(({ properties }) => properties.PolicyDocument.Statement)) {
      for (const action of list(statement.Action)) expect(action).not.toMatch(/\*|:Scan$/);
      for (const resource of list(statement.Resource)) expect(written(resource)).not.toBe('*');
    }
  });

  it('only the gateway gets permissions that AWS wrote', () => {
    interface RoleProperties {
      readonly ManagedPolicyArns?: readonly unknown[];
      readonly Policies?: readonly unknown[];
    }
    const roles = resourcesOf<RoleProperties>(stack, 'AWS::IAM::Role');
    const managed = roles.flatMap(({ properties }) => properties.ManagedPolicyArns ?? []).map(written);
    expect(managed).toEqual([expect.stringMatching(/AmazonAPIGatewayPushToCloudWatchLogs$/)]);
    expect(roles.filter(({ properties }) => properties.Policies)).toEqual([]);
  });
});
