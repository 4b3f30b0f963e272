/** Keys of what a region counts of its tenants, in the table of its read model. */
import type { ItemKey } from './keys.ts';
import { tenantPartition } from './keys.ts';

/** The bucket of a tenant's requests. `LIMITS_KEYS` in `lib/config/table.ts` must fit it: functions may write there. */
export const bucketKey = (tenantId: string): ItemKey => ({
  pk: `${tenantPartition(tenantId)}#LIMITS#RATE`,
  sk: 'BUCKET',
});
