import { describe, expect, it } from 'vitest';
import { createApi, pathsOf } from './api.ts';

const FAMILY = '\u{1F469}\u200D\u{1F467}';

describe('text of the caller', () => {
  const reference = (value: unknown) =>
    createApi().call('reserveStock', { body: { lines: [{ sku: 'A', quantity: 1 }], reference: value } });

  it.each([
    'a',
    ' ',
    'x'.repeat(128),
    '\u{1F600}'.repeat(128),
    'Größe 42 — №7',
    FAMILY,
    '\uFDFA',
    '<script>',
    '=cmd()',
    'null',
  ])('a reference may be "%s"', async (value) => expect((await reference(value)).status).toBe(201));

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(129)],
    ['too long in characters', '\u{1F600}'.repeat(129)],
    ['far too long', 'x'.repeat(50_000)],
    ['with NUL', 'a\u0000b'],
    ['with a line break', 'a\nb'],
    ['with DEL', 'a\u007Fb'],
    ['with a C1 control', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with a paragraph separator', 'a\u2029b'],
    ['with a direction override', 'a\u202Eb'],
    ['with a direction isolate', 'a\u2066b'],
    ['with a lone surrogate', 'a\uDC00b'],
    ['no text', 5],
    ['null', null],
  ])('a reference must not be %s', async (_case, value) => {
    expect(pathsOf(await reference(value))).toEqual(['reference']);
  });

  it.each([
    ['name', 200, 'putProduct', (value: string) => ({ name: value })],
    ['description', 1_000, 'putProduct', (value: string) => ({ name: 'K', description: value })],
    ['unit', 64, 'putProduct', (value: string) => ({ name: 'K', unit: value })],
    [
      'reason',
      1_000,
      'recordMovement',
      (value: string) => ({ type: 'count', sku: 'A', locationId: 'b', quantity: 1, reason: value }),
    ],
    ['orderId', 128, 'confirmReservation', (value: string) => ({ orderId: value })],
    ['carrier', 128, 'shipReservation', (value: string) => ({ carrier: value })],
    ['trackingId', 128, 'shipReservation', (value: string) => ({ trackingId: value })],
  ])('%s has 1 to %i characters', async (field, max, operationId, bodyOf) => {
    const send = (value: string) => createApi().call(operationId, { body: bodyOf(value) });
    for (const good of ['x', 'x'.repeat(max), '\u{1F600}'.repeat(max)]) {
      expect((await send(good)).status).toBeLessThan(300);
    }
    for (const bad of ['', 'x'.repeat(max + 1), '\u{1F600}'.repeat(max + 1), 'a\uD800']) {
      expect(pathsOf(await send(bad))).toEqual([field]);
    }
  });

  it('a string map is bounded in pairs, keys and values', async () => {
    const send = (attributes: unknown) => createApi().call('putProduct', { body: { name: 'K', attributes } });
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
    expect((await send(pairs(20))).status).toBe(201);
    expect((await send({ ['\u{1F600}'.repeat(64)]: '\u{1F600}'.repeat(256) })).status).toBe(201);
    expect(pathsOf(await send(pairs(21)))).toEqual(['attributes']);
    expect(pathsOf(await send({ '': 'x' }))).toEqual(['attributes.']);
    expect(pathsOf(await send({ ['k'.repeat(65)]: 'x' }))).toEqual([`attributes.${'k'.repeat(65)}`]);
    expect(pathsOf(await send({ a: 'x'.repeat(257), b: 5, c: null, 'd\uD800': 'x' }))).toEqual([
      'attributes.a',
      'attributes.b',
      'attributes.c',
      'attributes.d\uD800',
    ]);
    for (const none of [[], 'x', 5, null]) expect(pathsOf(await send(none))).toEqual(['attributes']);
  });
});
