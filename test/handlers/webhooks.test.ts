import { describe, expect, it } from 'vitest';
import { createApi, pathsOf } from './api.ts';

const URL_OF_RECEIVER = 'https://erp.example.com/holdfast';
const put = (body: unknown, api = createApi()) => api.call('putWebhook', { body });

describe('a webhook', () => {
  it('hears of all types unless it names some', async () => {
    const api = createApi();
    await put({ url: URL_OF_RECEIVER }, api);
    expect(api.requests[0]?.request.body).toEqual({ url: URL_OF_RECEIVER, detailTypes: [] });
  });

  it.each([
    ['no URL', {}, ['url']],
    ['a URL that is none', { url: 'erp' }, ['url']],
    ['a URL of 2,049 characters', { url: `https://a.example/${'x'.repeat(2_031)}` }, ['url']],
    ['a URL that is no text', { url: 7 }, ['url']],
    ['a type that is unknown', { url: URL_OF_RECEIVER, detailTypes: ['stock.gone'] }, ['detailTypes.0']],
    ['the type of a ping', { url: URL_OF_RECEIVER, detailTypes: ['webhook.ping'] }, ['detailTypes.0']],
    ['a type twice', { url: URL_OF_RECEIVER, detailTypes: ['stock.out', 'stock.out'] }, ['detailTypes.1']],
    ['types that are no list', { url: URL_OF_RECEIVER, detailTypes: 'stock.out' }, ['detailTypes']],
    ['a secret of 15 characters', { url: URL_OF_RECEIVER, secret: 's'.repeat(15) }, ['secret']],
    ['a secret of 129 characters', { url: URL_OF_RECEIVER, secret: 's'.repeat(129) }, ['secret']],
    ['a secret with a space', { url: URL_OF_RECEIVER, secret: 'sixteen letters ' }, ['secret']],
    ['a secret that is not ASCII', { url: URL_OF_RECEIVER, secret: 'ß'.repeat(16) }, ['secret']],
    ['a version', { url: URL_OF_RECEIVER, version: 1 }, ['version']],
  ])('is not put with %s', async (_case, body, paths) => {
    const answer = await put(body);
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([400, 'validation_failed', paths]);
  });

  it.each(['s'.repeat(16), 's'.repeat(128), '!"#$%&\'()*+,-./0~'])(
    'may have the secret %s',
    async (secret) => {
      expect((await put({ url: URL_OF_RECEIVER, secret })).status).toBe(201);
    },
  );

  it('has an id that the caller chooses, and deliveries whose ids the service makes', async () => {
    const malformed = await createApi().call('getWebhook', { path: '/v1/webhooks/%20' });
    expect([malformed.status, pathsOf(malformed)]).toEqual([400, ['webhookId']]);
    const nothing = await createApi().call('replayDelivery', {
      path: '/v1/webhooks/erp/deliveries/%00/replay',
    });
    expect([nothing.status, nothing.body.code]).toEqual([404, 'not_found']);
  });

  it('lists its deliveries in a known state', async () => {
    const answer = await createApi().call('listDeliveries', { query: { status: 'lost' } });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['status']]);
  });
});
