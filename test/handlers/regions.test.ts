import { describe, expect, it } from 'vitest';
import { answerReservation } from '../../lambdas/http/answers/reservation.ts';
import { reservationRecord } from '../support/stored-records.ts';
import { createApi, pathsOf } from './api.ts';

describe('regions in a path', () => {
  it.each(['nowhere', 'US-EAST-1', 'us-east-1 ', 'eu-west-1#', '*', 'a'.repeat(300)])(
    '"%s" names none, so it is 404',
    async (region) => {
      const api = createApi();
      for (const [operationId, verb] of [
        ['drainRegion', 'drain'],
        ['activateRegion', 'activate'],
      ] as const) {
        const path = `/v1/regions/${encodeURIComponent(region)}/${verb}`;
        const answer = await api.call(operationId, { path });
        expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      }
      expect(api.requests).toEqual([]);
    },
  );

  it('need no body', async () => {
    const api = createApi();
    expect((await api.call('drainRegion', { body: undefined })).status).toBe(200);
    expect((await api.call('drainRegion', { body: { force: true } })).body.code).toBe('validation_failed');
  });
});

describe('targets of a rebalancing', () => {
  const call = (body: unknown) => createApi().call('rebalanceStock', { body });

  it.each([
    ['negative', { 'us-east-1': -1, 'eu-west-1': 2 }, ['targets.us-east-1']],
    ['text', { 'us-east-1': '1' }, ['targets.us-east-1']],
    ['more than a quantity can be', { 'us-east-1': 1e9 + 1 }, ['targets.us-east-1']],
    ['for what is no region', { Berlin: 1 }, ['targets.Berlin']],
    ['all 0', { 'us-east-1': 0, 'eu-west-1': 0 }, ['targets']],
    ['none', {}, ['targets']],
    ['a list', [1], ['targets']],
    ['null', null, ['targets']],
  ])('must not be %s', async (_case, targets, paths) => {
    const answer = await call({ targets });
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([400, 'validation_failed', paths]);
  });

  it.each([[undefined], [{}], [{ targets: { 'us-east-1': 0.5, 'eu-west-1': 0 } }]])(
    'may be %j',
    async (body) => {
      expect((await call(body)).status).toBe(202);
    },
  );
});

describe('a reservation', () => {
  it('says how old it is while the region that keeps it is out of reach, and only then', () => {
    const reservation = reservationRecord();
    expect(answerReservation(reservation, { nowMs: 1_500, asOfMs: 1_400 }).asOf).toBe(
      '1970-01-01T00:00:01.400Z',
    );
    expect(answerReservation(reservation, { nowMs: 1_500 })).not.toHaveProperty('asOf');
  });
});
