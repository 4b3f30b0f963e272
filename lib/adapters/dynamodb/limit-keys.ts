/** Keys of what a region counts of its tenants, in the table of its read model. */
import type { HoldsKey } from '../../domain/open-holds.ts';
import { type ItemKey, keyPart, tenantPartition } from './keys.ts';

/** The bucket of a tenant's requests. `LIMITS_KEYS` in `lib/config/table.ts` must fit it: functions may write there. */
export const bucketKey = (tenantId: string): ItemKey => ({
  pk: `${tenantPartition(tenantId)}#LIMITS#RATE`,
  sk: 'BUCKET',
});

/** The open holds of a tenant, or of one reference of it. */
export const holdsKey = ({ tenantId, referenceHash }: HoldsKey): ItemKey => ({
  pk:
    referenceHash === undefined
      ? `${tenantPartition(tenantId)}#LIMITS#HOLDS`
      : `${tenantPartition(tenantId)}#LIMITS#REFERENCE#${keyPart(referenceHash)}`,
  sk: 'HOLDS',
});
