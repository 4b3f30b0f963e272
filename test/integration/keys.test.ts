import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { formatKeyId } from '../../lib/application/api-key-format.ts';
import { createTestTenant, keyOf, mustSend } from '../support/isolation/tenants.ts';
import { startWholeApi, type WholeApi } from '../support/whole-api.ts';

let api: WholeApi;
let admin: string;
let output: string[];

beforeAll(async () => {
  api = await startWholeApi();
  output = api.listen();
  ({ key: admin } = await createTestTenant(api, 'keeper'));
}, 60_000);
afterAll(() => api?.stop());
afterEach(() => {
  vi.useRealTimers();
});

/** Only the clock moves: whoever waits for something waits in real time. */
function pass(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}

const make = async (scopes: readonly string[], name?: string) =>
  (await mustSend(api, admin, ['POST /keys', { scopes, ...(name !== undefined && { name }) }])).body;

const get = (key: string, path = '/products') =>
  api.send({ method: 'GET', path: `/v1${path}`, headers: { Authorization: `Bearer ${key}` } });

const revoke = (by: string, keyId: string) =>
  api.send({ method: 'DELETE', path: `/v1/keys/${keyId}`, headers: { Authorization: `Bearer ${by}` } });

describe('a key', () => {
  it('is shown once, and stored as a hash: neither lists, records nor logs have its secret', async () => {
    const made = await make(['read'], 'shown once');
    const secret = made.secret.split('.').at(-1);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const listed = await get(admin, '/keys');
    expect(listed.body.items.map((key: { keyId: string }) => key.keyId)).toContain(made.keyId);
    expect(listed.text).not.toContain(secret);
    expect(listed.text).not.toContain('ecretHash');
    const store = api.database.open();
    const record = await store.get('apiKey', { tenantId: 'keeper', keyId: made.keyId });
    expect(record?.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(record)).not.toContain(secret);
    expect(output.join('')).not.toContain(secret);
  });

  it('is replaced without a gap: the second works at once, both work, and the first stops within 60 s', async () => {
    const first = await make(['read']);
    expect((await get(first.secret)).status).toBe(200);
    const second = await make(['read']);
    expect([(await get(first.secret)).status, (await get(second.secret)).status]).toEqual([200, 200]);
    expect((await revoke(admin, first.keyId)).status).toBe(204);
    pass(60);
    expect([(await get(first.secret)).status, (await get(second.secret)).status]).toEqual([401, 200]);
    const listed = await get(admin, '/keys');
    const ids = listed.body.items.map((key: { keyId: string }) => key.keyId);
    expect([ids.includes(first.keyId), ids.includes(second.keyId)]).toEqual([false, true]);
  });

  it('that was revoked never works where it was never seen, and stays revoked', async () => {
    const key = await make(['read']);
    expect((await revoke(admin, key.keyId)).status).toBe(204);
    expect((await get(key.secret)).status).toBe(401);
    expect((await revoke(admin, key.keyId)).status).toBe(204);
    expect((await get(key.secret)).status).toBe(401);
  });

  it('may revoke itself, as the last one: an operator then makes another', async () => {
    await createTestTenant(api, 'alone');
    const own = await keyOf(api, 'alone');
    const [, keyId = ''] = /^hf\.(.+)\.[\w-]{43}$/.exec(own) ?? [];
    expect((await revoke(own, keyId)).status).toBe(204);
    pass(60);
    expect((await get(own)).status).toBe(401);
    vi.useRealTimers();
    expect((await get(await keyOf(api, 'alone'))).status).toBe(200);
  });

  it('is revoked by its tenant or an operator, and by nobody else', async () => {
    const { key: other } = await createTestTenant(api, 'meddler');
    const key = await make(['read']);
    expect((await revoke(other, key.keyId)).status).toBe(404);
    expect((await get(key.secret)).status).toBe(200);
    expect((await revoke(api.keys.operator, key.keyId)).status).toBe(204);
  });

  it('has the scopes that it was given, and no scope gives another', async () => {
    for (const scopes of [['read'], ['write'], ['admin'], ['read', 'write']]) {
      const key = (await make(scopes)).secret;
      const put = { method: 'PUT', path: '/v1/products/scoped', body: { name: 'Scoped' } };
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const answers = [await get(key), await api.send({ ...put, headers }), await get(key, '/keys')];
      const may = [scopes.includes('read'), scopes.includes('write'), scopes.includes('admin')];
      expect(answers.map(({ status }) => status !== 403)).toEqual(may);
    }
  });

  it.each([
    ['a delimiter', '#'],
    ['a pattern', '*'],
    ['a delimiter behind a tenant', 'keeper#KEY'],
    ['a control character', '\n'],
    ['the operators', '~operator'],
  ])('whose id spells %s is nobody: 401, and 404 for who wants it revoked', async (_what, tenantId) => {
    const keyId = formatKeyId(tenantId, '0'.repeat(20));
    const answer = await get(`hf.${keyId}.${'A'.repeat(43)}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    for (const by of [admin, api.keys.operator]) {
      const refused = await revoke(by, keyId);
      expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
    }
  });
});
