/**
 * How partition keys begin, in the table and in every index. The adapter makes keys of it, and policies are written
 * with it: a policy that names other words than the keys have would protect nothing.
 */

/** Joins the parts of a key, and occurs in none of them. */
export const KEY_DELIMITER = '#';

/** First parts of partition keys. What begins with `tenant` belongs to the tenant that the second part names. */
export const PARTITION_WORDS = {
  tenant: 'T',
  unsent: 'UNSENT',
  secret: 'SECRET',
  region: 'REGION',
  due: 'DUE',
} as const;

/** Stands for any text in a pattern of a policy, so no key of a tenant may contain it before the tenant's own part ends. */
const ANY = '*';

/** What a policy would read as a pattern or a variable, and what ends a part of a key. */
const UNUSABLE = /[*?$#]/;

/**
 * The patterns of all partition keys of one tenant. The first is a whole key, the second ends the tenant's id with the
 * delimiter: so neither is met by a key of a tenant whose id only begins alike.
 *
 * @throws an Error for an id that a policy would not take literally. No tenant can be called so.
 */
export function tenantKeyPatterns(tenantId: string): readonly [string, string] {
  if (tenantId === '' || UNUSABLE.test(tenantId)) {
    throw new Error(`Not usable in a policy: the tenant "${tenantId}"`);
  }
  const whole = [PARTITION_WORDS.tenant, tenantId].join(KEY_DELIMITER);
  return [whole, [whole, ANY].join(KEY_DELIMITER)];
}

/** Every partition that begins with a word. */
export const partitionsOf = (word: keyof typeof PARTITION_WORDS): string =>
  [PARTITION_WORDS[word], ANY].join(KEY_DELIMITER);

/** The partitions of tenants that have a part behind the tenant's: all but those of the tenant and its keys. */
export const TENANT_INNER_PARTITIONS = [PARTITION_WORDS.tenant, ANY, ANY].join(KEY_DELIMITER);

/** Second and third part of the partition in which the requests of a tenant are counted. */
export const REQUEST_BUCKET = ['LIMITS', 'RATE'] as const;

/**
 * The partitions of the read model's table in which functions that answer requests count what tenants send. No id has the
 * delimiter in it, so no other key of a tenant ends so.
 */
export const REQUEST_BUCKETS = [PARTITION_WORDS.tenant, ANY, ...REQUEST_BUCKET].join(KEY_DELIMITER);
