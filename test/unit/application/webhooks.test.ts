import { beforeEach, describe, expect, it } from 'vitest';
import { createTenant } from '../../../lib/application/manage-keys.ts';
import {
  deleteWebhook,
  knownWebhook,
  listWebhooks,
  readWebhook,
} from '../../../lib/application/manage-webhooks.ts';
import type { Dependencies, Store } from '../../../lib/application/ports.ts';
import type { Precondition } from '../../../lib/application/put-product.ts';
import { putWebhook, type WebhookCommand } from '../../../lib/application/put-webhook.ts';
import { AP, EU, Regions, US } from '../../support/regions.ts';
import { CALLER, createWorld, TENANT, type World } from '../../support/world.ts';

const ALWAYS: Precondition = () => true;
const targets = { faultOf: (url: string) => (url.includes('bad') ? 'is bad' : undefined) };

function put(deps: Dependencies, given: Partial<WebhookCommand> = {}, precondition = ALWAYS) {
  const command = { webhookId: 'erp', url: 'https://erp.example/', detailTypes: [], ...given };
  return putWebhook({ ...deps, targets }, CALLER, { command, precondition });
}

const KEY = { tenantId: TENANT, webhookId: 'erp' };

describe('a webhook', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });

  it('gets a secret when it is created without one, and shows it this once', async () => {
    const created = await put(world);
    expect(created).toMatchObject({ ok: true, value: { created: true, document: { version: 1 } } });
    const madeSecret = created.ok ? created.value.madeSecret : '';
    expect(madeSecret).toMatch(/^whsec_[A-Za-z0-9_-]{43}$/);
    expect(await readWebhook(world, KEY)).toMatchObject({ secret: madeSecret });
    const replaced = await put(world, { detailTypes: ['stock.out'] });
    expect(replaced).toMatchObject({ ok: true, value: { created: false, document: { version: 2 } } });
    expect(replaced.ok && replaced.value).not.toHaveProperty('madeSecret');
    expect(await readWebhook(world, KEY)).toMatchObject({ secret: madeSecret, detailTypes: ['stock.out'] });
  });

  it('keeps the secret it was given, and rotates it when it gets another', async () => {
    const created = await put(world, { secret: 'secret-number-one' });
    expect(created.ok && created.value).not.toHaveProperty('madeSecret');
    await put(world, { secret: 'secret-number-two' });
    expect(await readWebhook(world, KEY)).toMatchObject({
      secret: 'secret-number-two',
      formerSecret: 'secret-number-one',
      formerSecretUntilMs: world.clock.now() + 86_400_000,
    });
  });

  it('is written only if its version is the one that is asked for', async () => {
    expect(await put(world, {}, (version) => version === 1)).toMatchObject({
      rejection: { code: 'version_mismatch' },
    });
    await put(world);
    const onlyNew = await put(world, {}, (version) => version === undefined);
    expect(onlyNew).toMatchObject({ rejection: { code: 'version_mismatch' } });
    expect(await put(world, {}, (version) => version === 1)).toMatchObject({ ok: true });
  });

  it('must not point where it may not be called', async () => {
    expect(await put(world, { url: 'https://bad.example/' })).toMatchObject({
      rejection: { code: 'validation_failed', path: 'url', detail: 'The URL is bad.' },
    });
  });

  it('is one of 20 at most, and the last one can still be replaced', async () => {
    for (let index = 0; index < 20; index += 1) await put(world, { webhookId: `hook-${index}` });
    expect(await put(world)).toMatchObject({ rejection: { code: 'webhook_limit' } });
    expect(await put(world, { webhookId: 'hook-19' })).toMatchObject({ ok: true });
  });

  it('is listed by id, page by page', async () => {
    for (const webhookId of ['c', 'a', 'b']) await put(world, { webhookId });
    const first = await listWebhooks(world, TENANT, { limit: 2 });
    expect([first.items.map(({ webhookId }) => webhookId), first.next]).toEqual([['a', 'b'], 'b']);
    const second = await listWebhooks(world, TENANT, { limit: 2, after: 'b' });
    expect(second.items.map(({ webhookId }) => webhookId)).toEqual(['c']);
    expect(second).not.toHaveProperty('next');
  });

  it('is deleted in the version that is asked for, once', async () => {
    await put(world);
    const remove = (precondition = ALWAYS) =>
      deleteWebhook(world, CALLER, { webhookId: 'erp', precondition });
    expect(await remove((version) => version === 2)).toMatchObject({
      rejection: { code: 'version_mismatch' },
    });
    expect(await remove()).toEqual({ ok: true, value: undefined });
    expect(await remove()).toMatchObject({ rejection: { code: 'not_found' } });
    expect(await readWebhook(world, KEY)).toBeUndefined();
  });

  it('is written once although the answer of the database was lost and the write sent again', async () => {
    const twice = (store: Store): Store =>
      new Proxy(store, {
        get:
          (target, name: keyof Store) =>
          async (given: never, ...others: never[]) => {
            const call = target[name].bind(target) as (...all: never[]) => Promise<unknown>;
            const first = await call(given, ...others);
            return name === 'commit' ? call(given, ...others) : first;
          },
      });
    const unlucky = createWorld({ wrap: twice });
    const created = await put(unlucky);
    expect(created).toMatchObject({ ok: true, value: { created: true, document: { version: 1 } } });
    expect(created.ok && created.value).toHaveProperty('madeSecret');
    const deleted = await deleteWebhook(unlucky, CALLER, { webhookId: 'erp', precondition: ALWAYS });
    expect(deleted.ok).toBe(true);
  });
});

describe('a webhook in several regions', () => {
  let regions: Regions;
  beforeEach(async () => {
    regions = new Regions();
    const tenant = { tenantId: TENANT, name: 'Demo', tier: 'standard', homeRegion: EU } as const;
    await createTenant(regions.in(US), tenant);
    await regions.settle();
  });

  it('is written at home, and found everywhere before replication has told of it', async () => {
    expect(await put(regions.in(US))).toMatchObject({ ok: true });
    expect(await regions.in(EU).store.get('webhook', KEY)).toBeDefined();
    expect(await regions.in(US).store.get('webhook', KEY)).toBeUndefined();
    expect(await readWebhook(regions.in(AP), KEY)).toBeDefined();
    expect(await knownWebhook(regions.in(AP), KEY)).toBeDefined();
  });

  it('is shown as it was heard of while its home is out of reach', async () => {
    await put(regions.in(US));
    await regions.settle();
    regions.cutOff(EU);
    expect(await readWebhook(regions.in(US), KEY)).toMatchObject({ version: 1 });
  });
});
