import { describe, expect, it } from 'vitest';
import type { TableAccess } from '../../lib/config/function-settings.ts';
import { FIRST_REGION_FUNCTIONS, FUNCTIONS, type FunctionName } from '../../lib/config/functions.ts';
import { ROUTES } from '../../lib/config/routes.ts';
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
  /** That of the first region. */
  readonly first: string;
}

/** What those may do by themselves that do the rest with credentials of one tenant; `tenant-access.test.ts` has the keys. */
const expectedOfScoped = ({ own, others, first }: Tables): string[] => [
  ...[own, ...others].flatMap((table) =>
    ['GetItem', 'BatchGetItem'].map(
      (action) => `dynamodb:${action} ${table} where ["T#*","REGION#*","SECRET#*"]`,
    ),
  ),
  `dynamodb:PutItem ${first} where ["SECRET#*"]`,
];

function expectedOnTable(all: Tables, access: TableAccess | undefined): string[] {
  if (access === undefined) return [];
  const { does, regions, walks, scoped } = access;
  if (scoped === true) return expectedOfScoped(all);
  const { own, others } = all;
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
  const { readModel, countsRequests } = FUNCTIONS[name];
  const table = `<${tableNamed(stack, 'holdfast-prod-read').id}.Arn>`;
  const actions = readModel === undefined ? [] : ['BatchGetItem', 'GetItem'];
  return [
    ...[...actions, ...(readModel === 'readWrite' ? ['PutItem'] : [])].map(
      (action) => `dynamodb:${action} ${table}`,
    ),
    // What answers requests counts them, and must not touch a rollup.
    ...(countsRequests ? [`dynamodb:UpdateItem ${table} where ["T#*#LIMITS#RATE"]`] : []),
  ];
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
    tables: { own: tableIn('us-east-1'), others: [tableIn('eu-west-1')], first: tableIn('us-east-1') },
  },
  {
    region: 'eu-west-1',
    stack: other,
    tables: { own: tableIn('eu-west-1'), others: [tableIn('us-east-1')], first: tableIn('us-east-1') },
  },
];

const namesIn = (stack: SynthesizedStack) => [...functionsOf(stack).keys()] as FunctionName[];

it('every region has every function, but for those of the first region', () => {
  const all = Object.keys(FUNCTIONS) as FunctionName[];
  expect(namesIn(owner).toSorted()).toEqual(all.toSorted());
  const others = all.filter((name) => !FIRST_REGION_FUNCTIONS.includes(name));
  expect(namesIn(other).toSorted()).toEqual(others.toSorted());
});

describe.each(STACKS)('permissions in $region', ({ stack, tables }) => {
  const names = namesIn(stack);

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

  it('every function that answers tenants counts their requests', () => {
    const answering = new Set(
      ROUTES.filter(({ access }) => access !== 'public').map((route) => route.function),
    );
    const counting = names.filter((name) => permissionsOf(stack, name).join().includes('LIMITS#RATE'));
    expect(counting.toSorted()).toEqual([...answering].toSorted());
  });

  it('no function but the sweep and the audit walks over the table, and what reads stock writes nothing else', () => {
    const may = (name: FunctionName) =>
      permissionsOf(stack, name)
        .filter((permission) => !permission.includes(' where '))
        .join();
    expect(names.filter((name) => may(name).includes(':Scan')).toSorted()).toEqual(['audit', 'sweep']);
    // With credentials of one tenant, all that are scoped write but `lists`; here is what they may do by themselves.
    const scoped = names.filter((name) => FUNCTIONS[name].table?.scoped === true);
    const readers = names.filter((name) => !/:(Put|Update|Delete)Item/.test(may(name)));
    expect(readers.toSorted()).toEqual(['authorizer', 'canary', 'stock', 'system', ...scoped].toSorted());
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
