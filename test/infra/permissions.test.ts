import { describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName, type TableAccess } from '../../lib/config/functions.ts';
import { INDEXES } from '../../lib/config/table.ts';
import { list, type PolicyProperties, permissionsOf } from './policies.ts';
import {
  functionsOf,
  resourcesOf,
  type SynthesizedStack,
  synthesize,
  tableNamed,
  written,
} from './synthesis.ts';

const READ = ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query'];
const ACTIONS: Record<TableAccess['does'], readonly string[]> = {
  read: READ,
  readWrite: [...READ, 'DeleteItem', 'PutItem', 'UpdateItem'],
};

/** The tables of a deployment as one of its stacks names them: its own first. */
interface Tables {
  readonly own: string;
  readonly others: readonly string[];
}

function expectedOnTable({ own, others }: Tables, access: TableAccess | undefined): string[] {
  if (access === undefined) return [];
  const { does, regions, walks } = access;
  const tables = regions === 'all' ? [own, ...others] : [own];
  const onTables = tables.flatMap((table) => ACTIONS[does].map((action) => `dynamodb:${action} ${table}`));
  const onIndexes = tables.flatMap((table) =>
    Object.values(INDEXES).map(({ name }) => `dynamodb:Query ${table}/index/${name}`),
  );
  return [...onTables, ...onIndexes, ...(walks === true ? [`dynamodb:Scan ${own}`] : [])];
}

const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/** Only the function that the stream feeds may read it, and only that of its own region. */
const expectedOnStream = ({ own }: Tables, name: FunctionName): string[] =>
  name === 'complete' ? STREAM_ACTIONS.map((action) => `dynamodb:${action} ${own}/stream/*`) : [];

/** Its own region's table alone, and what its settings say. */
function expectedOnReadModel(stack: SynthesizedStack, name: FunctionName): string[] {
  const { readModel } = FUNCTIONS[name];
  const table = tableNamed(stack, 'holdfast-prod-read');
  const actions = readModel === undefined ? [] : ['BatchGetItem', 'GetItem'];
  return [...actions, ...(readModel === 'readWrite' ? ['PutItem'] : [])].map(
    (action) => `dynamodb:${action} <${table.id}.Arn>`,
  );
}

const [owner, other] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1' }) as [
  SynthesizedStack,
  SynthesizedStack,
];
const tableIn = (region: string) => `arn:aws:dynamodb:${region}:<AWS::AccountId>:table/holdfast-prod`;
const STACKS = [
  {
    region: 'us-east-1',
    stack: owner,
    tables: { own: tableIn('us-east-1'), others: [tableIn('eu-west-1')] },
  },
  {
    region: 'eu-west-1',
    stack: other,
    tables: { own: tableIn('eu-west-1'), others: [tableIn('us-east-1')] },
  },
];

describe.each(STACKS)('permissions in $region', ({ stack, tables }) => {
  const names = Object.keys(FUNCTIONS) as FunctionName[];

  it.each(names)('%s may do to the table and its indexes what its settings say, and nothing else', (name) => {
    const permissions = permissionsOf(stack, name).filter((permission) => permission.startsWith('dynamodb:'));
    const expected = [
      ...expectedOnTable(tables, FUNCTIONS[name].table),
      ...expectedOnStream(tables, name),
      ...expectedOnReadModel(stack, name),
    ];
    expect(permissions.toSorted()).toEqual(expected.toSorted());
  });

  it.each(names)('%s may write to its own log', (name) => {
    const permissions = permissionsOf(stack, name).filter((permission) => permission.startsWith('logs:'));
    const logGroup = functionsOf<{ Environment: never; LoggingConfig: { LogGroup: { Ref: string } } }>(
      stack,
    ).get(name)?.properties.LoggingConfig.LogGroup.Ref;
    expect(permissions.toSorted()).toEqual([
      `logs:CreateLogStream <${logGroup}.Arn>`,
      `logs:PutLogEvents <${logGroup}.Arn>`,
    ]);
  });

  it('no function but the sweep and the audit walks over the table, and what reads stock writes nothing', () => {
    const may = (name: FunctionName) => permissionsOf(stack, name).join();
    expect(names.filter((name) => may(name).includes(':Scan'))).toEqual(['sweep', 'audit']);
    const readers = names.filter((name) => !/:(Put|Update|Delete)Item/.test(may(name)));
    expect(readers).toEqual(['stock', 'system', 'canary']);
  });

  it('who asks for the stream at deployment may do that and write to its own log', () => {
    const calls = resourcesOf<{ ServiceToken: unknown }>(stack, 'Custom::AWS');
    const policies = resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy').filter(({ properties }) =>
      properties.Roles.some(({ Ref }) => Ref.includes('DescribeRole')),
    );
    const statements = policies.flatMap(({ properties }) => properties.PolicyDocument.Statement);
    const actions = statements.flatMap(({ Action }) => list(Action)).toSorted();
    expect(calls).toHaveLength(1);
    expect(actions).toEqual(['dynamodb:DescribeTable', 'logs:CreateLogStream', 'logs:PutLogEvents']);
    const described = statements.find(({ Action }) => Action === 'dynamodb:DescribeTable');
    expect(written(described?.Resource)).toBe(tables.own);
  });

  it('no policy names a wildcard action or every resource', () => {
    const policies = resourcesOf<PolicyProperties>(stack, 'AWS::IAM::Policy');
    for (const statement of policies.flatMap(({ properties }) => properties.PolicyDocument.Statement)) {
      for (const action of list(statement.Action)) expect(action).not.toContain('*');
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
