/**
 * What policies say about the table: the constructs put it into roles, the adapter of STS into the sessions of one
 * tenant. Tests evaluate both, and the embedded stack enforces them, because DynamoDB Local ignores permissions.
 */
import { partitionsOf, REQUEST_BUCKETS, TENANT_INNER_PARTITIONS, tenantKeyPatterns } from './partitions.ts';

/** No function of the API may walk over a table: `dynamodb:Scan` is in neither list. */
export const READ_ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  // A transaction that only checks an item needs this permission besides those of its writes.
  'dynamodb:ConditionCheckItem',
] as const;
export const WRITE_ACTIONS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] as const;

/** The partition keys that a request names. */
const LEADING_KEYS = 'dynamodb:LeadingKeys';

/**
 * `ForAllValues` holds of no keys at all as well, as in a scan or a call that forgot its key; so there must be some.
 */
const SOME_KEYS = { Null: { [LEADING_KEYS]: 'false' } } as const;

const onlyKeys = (...patterns: readonly string[]) => ({
  'ForAllValues:StringLike': { [LEADING_KEYS]: patterns },
  ...SOME_KEYS,
});

/** Records of tenants, and none of those that belong to nobody: regions, secrets, work that is due, unsent messages. */
export const TENANTS_ONLY = onlyKeys(partitionsOf('tenant'));

/** Tenants and keys, the states of regions and the secret of cursors: what is read before it is known whose request it is. */
export const DIRECTORY_ONLY = {
  ...onlyKeys(partitionsOf('tenant'), partitionsOf('region'), partitionsOf('secret')),
  'ForAllValues:StringNotLike': { [LEADING_KEYS]: [TENANT_INNER_PARTITIONS] },
};

/** The secret of cursors, which whoever needs it first creates. */
export const SECRETS_ONLY = onlyKeys(partitionsOf('secret'));

/** The buckets in which requests of tenants are counted, in the read model's table. */
export const BUCKETS_ONLY = onlyKeys(REQUEST_BUCKETS);

export interface TenantSession {
  readonly tenantId: string;
  readonly does: 'read' | 'readWrite';
  readonly tableName: string;
  /** The role that is assumed; the table is in its account. */
  readonly roleArn: string;
}

/**
 * The policy of a session for one tenant. A session may do what its role and this policy both allow, so the regions may
 * be any: the role names them. One text for all of them stays far below the 2048 characters that STS takes.
 *
 * @throws an Error for a tenant id that a policy would not take literally.
 */
export function sessionPolicy({ tenantId, does, tableName, roleArn }: TenantSession): string {
  // `arn:aws:iam::<account>:role/<name>`
  const [, partition = '', , , account = ''] = roleArn.split(':');
  const table = `arn:${partition}:dynamodb:*:${account}:table/${tableName}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: does === 'read' ? READ_ACTIONS : [...READ_ACTIONS, ...WRITE_ACTIONS],
        Resource: [table, `${table}/index/*`],
        Condition: onlyKeys(...tenantKeyPatterns(tenantId)),
      },
    ],
  });
}
