import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as partitions from '../../lib/adapters/dynamodb/partitions.ts';
import { READ_ACTIONS, sessionPolicy, WRITE_ACTIONS } from '../../lib/config/access-policies.ts';
import { FIRST_REGION_FUNCTIONS, FUNCTIONS, type FunctionName } from '../../lib/config/functions.ts';
import { INDEXES } from '../../lib/config/table.ts';
import { type AccessRequest, isAllowed } from '../../lib/local/iam/evaluate.ts';
import { parsePolicy } from '../../lib/local/iam/policy.ts';
import { rolesOf } from './roles.ts';
import { type SynthesizedStack, synthesize } from './synthesis.ts';

const REGIONS = ['us-east-1', 'eu-west-1'];
const TABLE = 'holdfast-prod';
const stacks = synthesize({ stage: 'prod', regions: REGIONS.join(',') });
const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
const SCOPED = NAMES.filter((name) => FUNCTIONS[name].table?.scoped === true);
const ACTIONS = [...READ_ACTIONS, ...WRITE_ACTIONS];

const arn = (region: string, table = TABLE): string =>
  `arn:aws:dynamodb:${region}:000000000000:table/${table}`;

const ask = (action: string, keys: readonly string[], resource = arn('us-east-1')): AccessRequest => ({
  action,
  resource,
  context: { 'dynamodb:LeadingKeys': keys },
});

/** One of every kind of partition that belongs to a tenant, and of those that belong to nobody. */
const OF_NOBODY = [
  'DUE#us-east-1#0',
  'DUE#us-east-1#SEND#0',
  'UNSENT#us-east-1#events#x',
  'SECRET#us-east-1',
  'REGION#us-east-1',
  'PING',
];
const kindsOf = (tenantId: string): readonly string[] => [
  partitions.tenantPartition(tenantId),
  partitions.locationsPartition(tenantId),
  partitions.skuPartition(tenantId, 's'),
  partitions.reservationPartition(tenantId, 'h'),
  partitions.receiptPartition(tenantId, 'h'),
  partitions.acceptancePartition(tenantId, 'g'),
  partitions.shipmentPartition(tenantId, 's'),
  partitions.orderRecordsPartition(tenantId, 'o#T#other'),
  partitions.deliveriesPartition(tenantId, 'w'),
  partitions.ledgerPartition(tenantId, 's'),
  partitions.productsPartition(tenantId),
  partitions.locationLedgerPartition(tenantId, 'l', 0),
  partitions.reservationsPartition(tenantId, 0),
  partitions.referencePartition(tenantId, 'r*?#'),
  partitions.orderPartition(tenantId, 'o'),
  partitions.openPartition(tenantId, 's'),
  partitions.openManyPartition(tenantId, 0),
];

describe.each(stacks.map((stack) => ({ region: stack.region, stack })))('in $region', ({ region, stack }) => {
  const { roleOf, arnOf, tenantRole } = rolesOf(stack as SynthesizedStack);
  const session = (tenantId: string, does: 'read' | 'readWrite' = 'readWrite') => {
    const text = sessionPolicy({ tenantId, does, tableName: TABLE, roleArn: tenantRole.arn });
    return [tenantRole.statements, parsePolicy(JSON.parse(text))];
  };
  const maySession = (tenantId: string, request: AccessRequest) => isAllowed(session(tenantId), request);

  it('those that list and administer may assume the role of tenants, and nobody else', () => {
    expect(SCOPED).toEqual(['lists', 'catalogue', 'webhooks', 'access']);
    const assume = { action: 'sts:AssumeRole', resource: tenantRole.arn, context: {} };
    const here = NAMES.filter((name) => region === REGIONS[0] || !FIRST_REGION_FUNCTIONS.includes(name));
    expect(here.filter((name) => isAllowed([roleOf(name).statements], assume))).toEqual(SCOPED);
    expect([...tenantRole.trusts].toSorted()).toEqual(SCOPED.map(arnOf).toSorted());
  });

  it.each(SCOPED)(
    '%s reads by its own role who tenants and keys are, and nothing that is inside a tenant',
    (name) => {
      const may = (action: string, keys: readonly string[], resource?: string) =>
        isAllowed([roleOf(name).statements], ask(`dynamodb:${action}`, keys, resource));
      for (const key of ['T#acme', 'T#~operator', 'REGION#eu-west-1', 'SECRET#us-east-1']) {
        for (const each of REGIONS) expect(may('GetItem', [key], arn(each))).toBe(true);
      }
      const inside = kindsOf('acme').slice(1);
      for (const key of [...inside, 'DUE#us-east-1#0', 'UNSENT#us-east-1#events#x']) {
        for (const action of [
          'GetItem',
          'BatchGetItem',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'Query',
          'Scan',
        ]) {
          expect(may(action, [key])).toBe(false);
        }
      }
      expect(may('BatchGetItem', ['REGION#us-east-1', 'T#acme#SKU#s'])).toBe(false);
      for (const action of ['GetItem', 'BatchGetItem', 'PutItem', 'Query', 'Scan'])
        expect(may(action, [])).toBe(false);
      for (const action of ['PutItem', 'UpdateItem', 'DeleteItem', 'Query'])
        expect(may(action, ['T#acme'])).toBe(false);
      // The secret of cursors is made in the first region.
      expect(may('PutItem', ['SECRET#us-east-1'])).toBe(true);
      expect(may('PutItem', ['SECRET#us-east-1'], arn('eu-west-1'))).toBe(false);
      for (const { name: index } of Object.values(INDEXES)) {
        expect(may('Query', ['T#acme#PRODUCTS'], `${arn('us-east-1')}/index/${index}`)).toBe(false);
      }
    },
  );

  it('the role of tenants alone reaches nothing that belongs to nobody', () => {
    for (const key of OF_NOBODY) {
      for (const action of ACTIONS)
        expect(isAllowed([tenantRole.statements], ask(action, [key]))).toBe(false);
    }
  });

  it.each(ACTIONS)(
    'a session does %s with everything of its tenant, in every region, and with nothing of another',
    (action) => {
      for (const each of REGIONS) {
        for (const key of kindsOf('t1')) expect(maySession('t1', ask(action, [key], arn(each)))).toBe(true);
        for (const other of ['t10', 't', 'T1', 't1.', 't1:0', 't1-', '~operator', 'rival']) {
          for (const key of kindsOf(other))
            expect(maySession('t1', ask(action, [key], arn(each)))).toBe(false);
        }
        for (const key of OF_NOBODY) expect(maySession('t1', ask(action, [key], arn(each)))).toBe(false);
      }
      expect(maySession('t1', ask(action, ['T#t1#SKU#s'], arn('ap-northeast-1')))).toBe(false);
      expect(maySession('t1', ask(action, ['T#t1#SKU#s'], arn(region, 'holdfast-prod-read')))).toBe(false);
      expect(maySession('t1', ask(action, ['T#t1#SKU#s'], arn(region, 'holdfast-prod2')))).toBe(false);
    },
  );

  it.each(Object.values(INDEXES))('a session queries the index $name for its tenant only', ({ name }) => {
    const resource = `${arn(region)}/index/${name}`;
    const may = (keys: readonly string[]) => maySession('t1', ask('dynamodb:Query', keys, resource));
    expect(may(['T#t1#PRODUCTS'])).toBe(true);
    for (const key of ['T#t10#PRODUCTS', 'T#*#PRODUCTS', 'T#', 'T', '*', ...OF_NOBODY])
      expect(may([key])).toBe(false);
    expect(may([])).toBe(false);
    expect(maySession('t1', ask('dynamodb:Scan', ['T#t1#PRODUCTS'], resource))).toBe(false);
  });

  it('a session is refused whatever names no key, mixes tenants, or walks', () => {
    for (const action of ACTIONS) {
      expect(maySession('t1', ask(action, []))).toBe(false);
      expect(maySession('t1', ask(action, ['T#t1#SKU#s', 'T#t2#SKU#s']))).toBe(false);
    }
    for (const action of [
      'Scan',
      'PartiQLSelect',
      'DeleteTable',
      'UpdateTable',
      'BatchWriteItem',
      'GetRecords',
      'ExportTableToPointInTime',
    ]) {
      expect(maySession('t1', ask(`dynamodb:${action}`, ['T#t1']))).toBe(false);
    }
  });

  it('a session that reads writes nothing, and `lists` has no other', () => {
    expect(SCOPED.filter((name) => FUNCTIONS[name].table?.does === 'read')).toEqual(['lists']);
    for (const action of WRITE_ACTIONS) {
      expect(isAllowed(session('t1', 'read'), ask(action, ['T#t1#SKU#s']))).toBe(false);
    }
    for (const action of READ_ACTIONS)
      expect(isAllowed(session('t1', 'read'), ask(action, ['T#t1#SKU#s']))).toBe(true);
  });

  it('no two tenants share a key, whatever they are called', () => {
    const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,20}$/);
    const near = fc
      .tuple(ids, fc.constantFrom('', '0', '.', ':', '-', 'a'))
      .map(([id, end]) => [id, `${id}${end}x`]);
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(ids, ids), near),
        fc.constantFrom(...ACTIONS),
        ([one = '', other = ''], action) => {
          fc.pre(one !== other);
          for (const key of kindsOf(other)) expect(maySession(one, ask(action, [key]))).toBe(false);
          for (const key of kindsOf(one)) expect(maySession(one, ask(action, [key]))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a policy of the longest ids is far shorter than STS takes', () => {
    const roleArn = tenantRole.arn.replace(/role\/.*/, `role/${'r'.repeat(64)}`);
    const asked = {
      tenantId: 't'.repeat(64),
      does: 'readWrite',
      roleArn,
      tableName: `holdfast-${'s'.repeat(20)}`,
    } as const;
    expect(sessionPolicy(asked).length).toBeLessThan(1024);
  });
});
