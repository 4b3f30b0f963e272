import { expect, it } from 'vitest';
import type { HoldBook } from '../../lib/application/hold-book.ts';
import type { OpenHolds } from '../../lib/domain/open-holds.ts';
import { freshTenant } from '../support/stored-records.ts';

const openHolds = (given: Partial<OpenHolds> = {}): OpenHolds => ({
  tenantId: 'tenant',
  holds: [
    { id: 'b.us-east-1', version: 2, seenAtMs: 10, expiresAtMs: 9_000, held: [{ sku: 'a', units: 3 }] },
    { id: 'a.us-east-1', version: 1, seenAtMs: 20, expiresAtMs: 8_000 },
  ],
  version: 1,
  ...given,
});

/** What every book of open holds must do. Tests keep apart by tenant. */
export function describeHoldBook(open: () => HoldBook): void {
  it('gives lists back as they were put, in the order asked', async () => {
    const tenantId = freshTenant();
    const [tenant, reference] = [
      openHolds({ tenantId }),
      openHolds({ tenantId, referenceHash: 'f00', holds: [] }),
    ];
    for (const list of [tenant, reference]) expect(await open().put(list)).toEqual({ outcome: 'stored' });
    const none = { tenantId, referenceHash: 'none' };
    expect(await open().read([reference, none, tenant])).toEqual([reference, undefined, tenant]);
  });

  it('keeps tenants apart', async () => {
    await open().put(openHolds({ tenantId: freshTenant() }));
    expect(await open().read([{ tenantId: freshTenant() }])).toEqual([undefined]);
  });

  it('stores a version only after the one before it, and otherwise shows what is there', async () => {
    const tenantId = freshTenant();
    const [one, two] = [openHolds({ tenantId }), openHolds({ tenantId, holds: [], version: 2 })];
    expect(await open().put(two)).toEqual({ outcome: 'refused', there: undefined });
    await open().put(one);
    expect(await open().put({ ...one, holds: [] })).toEqual({ outcome: 'refused', there: one });
    expect(await open().put({ ...two, version: 3 })).toEqual({ outcome: 'refused', there: one });
    expect(await open().put(two)).toEqual({ outcome: 'stored' });
    expect(await open().put(two)).toEqual({ outcome: 'refused', there: two });
  });
}
