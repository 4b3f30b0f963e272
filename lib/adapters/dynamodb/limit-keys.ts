/** Keys of what a region counts of its tenants, in the table of its read model. */
import type { HoldsKey } from '../../domain/open-holds.ts';
import type { ItemKey } from './keys.ts';
import { bucketPartition, holdsPartition } from './partitions.ts';

/** The bucket of a tenant's requests. */
export const bucketKey = (tenantId: string): ItemKey => ({ pk: bucketPartition(tenantId), sk: 'BUCKET' });

/** The open holds of a tenant, or of one reference of it. */
export const holdsKey = ({ tenantId, referenceHash }: HoldsKey): ItemKey => ({
  pk: holdsPartition(tenantId, referenceHash),
  sk: 'HOLDS',
});
