import { expect, it } from 'vitest';
import { type Named, remove, storeAll } from '../support/guarded-writes.ts';
import { allPages } from '../support/pages.ts';
import { apiKeyRecord, freshTenant, productRecord, tenantRecord } from '../support/stored-records.ts';
import type { OpenStore } from './open-store.ts';

const products = (tenantId: string, ...skus: string[]): Named[] =>
  skus.map((sku) => ['product', productRecord({ tenantId, sku })]);

const keys = (tenantId: string, ...keyIds: string[]): Named[] =>
  keyIds.map((keyId) => ['apiKey', apiKeyRecord({ tenantId, keyId })]);

const skusOf = (items: readonly { readonly sku: string }[]) => items.map(({ sku }) => sku);
const idsOf = (items: readonly { readonly keyId: string }[]) => items.map(({ keyId }) => keyId);

export function testCatalogueLists(open: OpenStore): void {
  it('lists products by sku, page by page', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(store, ...products(tenantId, 'b', 'C', 'a', 'a-1', 'a:1', '0'));
    const ordered = ['0', 'C', 'a', 'a-1', 'a:1', 'b'];
    for (const limit of [1, 2, 3, 5]) {
      const pages = await allPages(limit, (page) => store.listProducts(tenantId, '', page));
      expect(pages.flatMap(skusOf)).toEqual(ordered);
      expect(pages.map(({ length }) => length).slice(0, -1)).toEqual(
        Array.from({ length: Math.ceil(6 / limit) - 1 }, () => limit),
      );
    }
  });

  it('ends a list with a full page without another', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(store, ...products(tenantId, 'a', 'b'));
    const page = await store.listProducts(tenantId, '', { limit: 2 });
    expect(skusOf(page.items)).toEqual(['a', 'b']);
    expect(page).not.toHaveProperty('next');
    expect((await store.listProducts(tenantId, '', { limit: 1 })).next).toBe('a');
  });

  it('lists the products whose sku starts so', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(store, ...products(tenantId, 'shirt', 'shirt-xl', 'shirts', 'shir', 'Shirt', 'shoe'));
    const list = (prefix: string) =>
      allPages(2, (page) => store.listProducts(tenantId, prefix, page)).then((pages) =>
        pages.flatMap(skusOf),
      );
    expect(await list('shirt')).toEqual(['shirt', 'shirt-xl', 'shirts']);
    expect(await list('shirt-xl')).toEqual(['shirt-xl']);
    expect(await list('t')).toEqual([]);
  });

  it('goes on from a product that is gone', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(store, ...products(tenantId, 'a', 'b', 'c'));
    const { next = '' } = await store.listProducts(tenantId, '', { limit: 2 });
    await store.commit([remove(['product', { tenantId, sku: 'b' }])]);
    const rest = await store.listProducts(tenantId, '', { limit: 2, after: next });
    expect(skusOf(rest.items)).toEqual(['c']);
  });

  it('lists the products of its tenant only', async () => {
    const store = open();
    const tenantId = freshTenant();
    const similar = `${tenantId}.2`;
    await storeAll(store, ...products(tenantId, 'mine'), ...products(similar, 'theirs'));
    expect(skusOf((await store.listProducts(tenantId, '', { limit: 9 })).items)).toEqual(['mine']);
    expect(skusOf((await store.listProducts(similar, '', { limit: 9 })).items)).toEqual(['theirs']);
  });

  it('lists the keys of a tenant by id, and of no other', async () => {
    const store = open();
    const tenantId = freshTenant();
    await storeAll(
      store,
      ['tenant', tenantRecord({ tenantId })],
      ...keys(tenantId, 'k3', 'k1', 'k2'),
      ...keys(`${tenantId}.2`, 'k4'),
      ...keys('~operator', 'k5'),
    );
    for (const limit of [1, 2, 9]) {
      const pages = await allPages(limit, (page) => store.listKeys(tenantId, page));
      expect(pages.flatMap(idsOf)).toEqual(['k1', 'k2', 'k3']);
    }
    expect(idsOf((await store.listKeys('~operator', { limit: 9 })).items)).toEqual(['k5']);
    expect((await store.listKeys(tenantId, { limit: 1 })).next).toBe('k1');
  });

  it.each([0, -1, 1.5, 1_001])('refuses, as a bug, a page of %d', async (limit) => {
    const store = open();
    const tenantId = freshTenant();
    await expect(store.listProducts(tenantId, '', { limit })).rejects.toThrow('A page has 1 to 1000');
    await expect(store.listMovements({ tenantId, sku: 'a' }, { limit })).rejects.toThrow();
    await expect(store.listMovements({ tenantId, sku: 'a', locationId: 'b' }, { limit })).rejects.toThrow();
  });
}
