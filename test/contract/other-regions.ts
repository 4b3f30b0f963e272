/** What a replica tells of what other regions, or it itself, have made. */
import { expect, it } from 'vitest';
import type { Page, PageRequest } from '../../lib/application/ports.ts';
import { storeAll } from '../support/guarded-writes.ts';
import {
  freshTenant,
  locationRecord,
  productRecord,
  quotaRecord,
  receiptRecord,
  reservationRecord,
  stockRecord,
} from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

/** All of a walk; a page of it may be empty. */
async function walk<Record extends { readonly sku: string }>(
  read: (page: PageRequest) => Promise<Page<Record>>,
): Promise<Record[]> {
  const found: Record[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: 3, ...(after === undefined ? {} : { after }) });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

export function testOtherRegions(open: OpenStore): void {
  it('keeps the reservations of each region under one key apart, and finds them together', async () => {
    const store = open();
    const tenantId = freshTenant();
    const siblings = ['eu-west-1', 'us-east-1'].map((region) => reservationRecord({ tenantId, region }));
    for (const sibling of siblings) await storeAll(store, ['reservation', sibling]);
    await storeAll(store, ['reservation', reservationRecord({ tenantId, keyHash: 'other' })]);
    expect(await store.siblings(tenantId, 'hash')).toEqual(siblings);
    expect(await store.siblings(tenantId, 'none')).toEqual([]);
  });

  it('keeps what each region has booked under one key apart, and finds it together', async () => {
    const store = open();
    const tenantId = freshTenant();
    const receipts = ['eu-west-1', 'us-east-1'].map((region) => receiptRecord({ tenantId, region }));
    for (const receipt of receipts) await storeAll(store, ['movementReceipt', receipt]);
    expect(await store.receipts(tenantId, 'hash')).toEqual(receipts);
    expect(await store.receipts(tenantId, 'none')).toEqual([]);
  });

  it('walks over the quotas of its own region that are not empty, of all tenants', async () => {
    const region = `walked-${freshTenant()}`;
    const store = open(region);
    const own = ['a', 'b', 'c', 'd'].map((sku) =>
      quotaRecord({ tenantId: freshTenant(), sku, region, available: 1 }),
    );
    const promised = quotaRecord({ tenantId: freshTenant(), sku: 'e', region, promised: 2 });
    for (const quota of [...own, promised]) await storeAll(store, ['quota', quota]);
    await storeAll(store, ['quota', quotaRecord({ tenantId: freshTenant(), sku: 'empty', region })]);
    await storeAll(store, ['quota', quotaRecord({ tenantId: freshTenant(), available: 5 })]);
    expect(await walk((page) => store.ownQuotas(page))).toEqual([...own, promised]);
  });

  it('walks over all products, of all tenants and whatever region wrote them', async () => {
    const store = open();
    const [tenantId, other] = [freshTenant(), freshTenant()];
    const products = ['a', 'b', 'c', 'd'].map((sku) => productRecord({ tenantId, sku }));
    const elsewhere = productRecord({ tenantId: other, sku: 'e', status: 'archived' });
    for (const product of [...products, elsewhere]) await storeAll(store, ['product', product]);
    await storeAll(store, ['location', locationRecord({ tenantId, locationId: 'PRODUCT' })]);
    const met = await walk((page) => store.walkProducts(page));
    const ours = met.filter((product) => [tenantId, other].includes(product.tenantId));
    expect(ours).toEqual([...products, elsewhere]);
    expect(new Set(met.map(({ status }) => status))).not.toContain(undefined);
  });

  it('walks over the stocks that are at home in its own region', async () => {
    const region = `home-${freshTenant()}`;
    const store = open(region);
    const own = ['a', 'b', 'c', 'd'].map((sku) => stockRecord({ tenantId: freshTenant(), sku, region }));
    for (const stock of own) await storeAll(store, ['stock', stock]);
    await storeAll(store, ['stock', stockRecord({ tenantId: freshTenant() })]);
    expect(await walk((page) => store.ownStocks(page))).toEqual(own);
  });
}
