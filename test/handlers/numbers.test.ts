import { describe, expect, it } from 'vitest';
import { readNumber } from '../../lambdas/http/number-literals.ts';
import { InexactNumber } from '../../lib/contracts/numbers.ts';
import { createApi, pathsOf } from './api.ts';

/** Sends a body with a literal in a place, exactly as it is written. */
async function sendLiteral(operationId: string, template: string, literal: string) {
  const api = createApi();
  const answer = await api.call(operationId, { body: template.replace('?', literal) });
  return { answer, body: api.requests[0]?.request.body as Record<string, unknown> | undefined };
}

const RESERVE = '{"lines":[{"sku":"A","quantity":?}]}';
const movement = (type: string) => `{"type":"${type}","sku":"A","locationId":"b","quantity":?}`;

describe('a number beyond what JavaScript counts exactly', () => {
  it.each([
    ['9007199254740993', 9_007_199_254_740_992],
    ['-9007199254740993', -9_007_199_254_740_992],
    ['1e300', 1e300],
  ])('%s is no number for an integer field, whatever its bounds', (source, value) => {
    expect(readNumber(value, source)).toEqual(new InexactNumber(value));
  });

  it('is one where fractions are welcome', () => {
    expect(readNumber(0.1, '0.1')).toBe(0.1);
    expect(readNumber(9_007_199_254_740_991, '9007199254740991')).toBe(9_007_199_254_740_991);
  });
});

describe('the quantity of a line', () => {
  it.each([
    ['1', 1],
    ['1e3', 1000],
    ['1E+3', 1000],
    ['5.0', 5],
    ['1.50e1', 15],
    ['50e-1', 5],
    ['1000000000', 1_000_000_000],
    ['1000000000.000', 1_000_000_000],
    ['100000000000000000000e-20', 1],
    [`${'1'.padEnd(40, '0')}e-39`, 1],
  ])('may be %s', async (literal, quantity) => {
    const { answer, body } = await sendLiteral('reserveStock', RESERVE, literal);
    expect(answer.status).toBe(201);
    expect(body?.['lines']).toEqual([{ sku: 'A', quantity }]);
  });

  it.each([
    '0',
    '-1',
    '-0',
    '0.0',
    '1.5',
    '1e-9',
    '1e309',
    '-1e309',
    '1e-400',
    '9007199254740991',
    '9007199254740993',
    '123456789012345678901234567890123456789',
    '5.0000000000000001',
    '4.9999999999999999',
    '1.0000000000000000000000000001',
    '1000000001',
    '1000000000.0000000001',
    '1e10',
    `1${'0'.repeat(10_000)}`,
    `0.${'0'.repeat(60_000)}1`,
    '"5"',
    '" 5"',
    '"0x10"',
    'true',
    'null',
    '[]',
    '[5]',
    '{}',
  ])('must not be %s', async (literal) => {
    const { answer } = await sendLiteral('reserveStock', RESERVE, literal);
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([
      400,
      'validation_failed',
      ['lines.0.quantity'],
    ]);
  });

  it('must not be missing', async () => {
    const answer = await createApi().call('reserveStock', { body: '{"lines":[{"sku":"A"}]}' });
    expect(pathsOf(answer)).toEqual(['lines.0.quantity']);
  });

  it('is bounded per line: fifty lines of the most are still exact', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => ({ sku: `S${index}`, quantity: 1_000_000_000 }));
    expect((await createApi().call('reserveStock', { body: { lines } })).status).toBe(201);
  });
});

describe('the quantity of a movement', () => {
  it.each([
    ['receipt', '1'],
    ['return', '1000000000'],
    ['write_off', '1'],
    ['adjustment', '-1000000000'],
    ['adjustment', '1000000000'],
    ['adjustment', '-1'],
    ['count', '0'],
    ['count', '1000000000'],
  ])('of type %s may be %s', async (type, literal) => {
    expect((await sendLiteral('recordMovement', movement(type), literal)).answer.status).toBe(201);
  });

  it.each([
    ['receipt', '0'],
    ['receipt', '-1'],
    ['return', '0'],
    ['write_off', '-1'],
    ['write_off', '1000000001'],
    ['adjustment', '0'],
    ['adjustment', '-0'],
    ['adjustment', '-1000000001'],
    ['adjustment', '1000000001'],
    ['adjustment', '-5.0000000000000001'],
    ['count', '-1'],
    ['count', '1e-400'],
  ])('of type %s must not be %s', async (type, literal) => {
    const { answer } = await sendLiteral('recordMovement', movement(type), literal);
    expect([answer.body.code, pathsOf(answer)]).toEqual(['validation_failed', ['quantity']]);
  });

  it.each(['-0', '0.0', '0e-5', '-0.00e-9', '0e9'])('of a count may be %s, which is 0', async (literal) => {
    const { body } = await sendLiteral('recordMovement', movement('count'), literal);
    expect(Object.is(body?.['quantity'], 0)).toBe(true);
  });

  it.each(['shipment', 'transfer_in', 'RECEIPT', ''])(
    'needs a type that can be booked, not "%s"',
    async (type) => {
      const { answer } = await sendLiteral('recordMovement', movement(type), '-5');
      expect(pathsOf(answer)).toEqual(['type']);
    },
  );
});

describe('other numbers', () => {
  const LOCATION = '{"name":"Berlin","region":"us-east-1","latitude":?}';

  it.each([
    ['52.520008', 52.520008],
    ['51.00000000000000001', 51],
    ['-90', -90],
    ['9e1', 90],
    ['0.1', 0.1],
    ['-0', 0],
  ])('a latitude may be %s', async (literal, latitude) => {
    const { answer, body } = await sendLiteral('putLocation', LOCATION, literal);
    expect(answer.status).toBe(200);
    expect(body?.['latitude']).toBe(latitude);
  });

  it.each(['90.1', '-91', '"52"', 'null', '1e309', '123456789012345678901234567890'])(
    'a latitude must not be %s',
    async (literal) => {
      expect(pathsOf((await sendLiteral('putLocation', LOCATION, literal)).answer)).toEqual(['latitude']);
    },
  );

  it.each(['5', '86400'])('a hold may live %s seconds', async (literal) => {
    expect((await sendLiteral('extendReservation', '{"ttlSeconds":?}', literal)).answer.status).toBe(200);
  });

  it.each(['4', '86401', '0', '-1', '31536000', '60.5', '"60"'])(
    'a hold must not live %s seconds',
    async (literal) => {
      const { answer } = await sendLiteral('extendReservation', '{"ttlSeconds":?}', literal);
      expect(pathsOf(answer)).toEqual(['ttlSeconds']);
    },
  );

  it.each(['0', '1000000'])('a priority may be %s', async (literal) => {
    const template = '{"name":"Berlin","region":"us-east-1","priority":?}';
    expect((await sendLiteral('putLocation', template, literal)).answer.status).toBe(200);
  });

  it.each(['0', '1000000000'])('safety stock may be %s', async (literal) => {
    expect((await sendLiteral('putProduct', '{"name":"K","safetyStock":?}', literal)).answer.status).toBe(
      201,
    );
  });

  it.each(['-1', '1000000001', '0.5'])('safety stock must not be %s', async (literal) => {
    const { answer } = await sendLiteral('putProduct', '{"name":"K","safetyStock":?}', literal);
    expect(pathsOf(answer)).toEqual(['safetyStock']);
  });
});
