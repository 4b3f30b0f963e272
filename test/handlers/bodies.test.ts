import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, BODY_DEPTH_MAX } from '../../lib/contracts/limits.ts';
import { createApi, pathsOf } from './api.ts';
import type { SentRequest } from './gateway-events.ts';

const GOOD = { lines: [{ sku: 'KEYBOARD-01', quantity: 2 }] };
const GOOD_TEXT = JSON.stringify(GOOD);

/** A good body that is blown up to so many bytes by white space. */
const sized = (bytes: number): string => GOOD_TEXT + ' '.repeat(bytes - GOOD_TEXT.length);

const reserve = (changes: Partial<SentRequest>) => createApi().call('reserveStock', changes);

describe.each([
  ['base64', false],
  ['text', true],
])('a body as %s', (_name, asText) => {
  it('may have 64 KiB and not a byte more', async () => {
    expect((await reserve({ body: sized(BODY_BYTES_MAX), asText })).status).toBe(201);
    const answer = await reserve({ body: sized(BODY_BYTES_MAX + 1), asText });
    expect([answer.status, answer.body.code]).toEqual([413, 'payload_too_large']);
  });

  it('is measured in bytes, not in characters', async () => {
    const answer = await reserve({ body: `"${'é'.repeat(BODY_BYTES_MAX / 2)}"`, asText });
    expect(answer.status).toBe(413);
  });

  it.each([
    ['white space only', ' '],
    ['truncated', '{"lines":[{"sku":"A","quantity":2}]'],
    ['a trailing comma', '{"lines":[{"sku":"A","quantity":2},]}'],
    ['trailing garbage', `${GOOD_TEXT}x`],
    ['two values', `${GOOD_TEXT}${GOOD_TEXT}`],
    ['a comment', `/* lines */${GOOD_TEXT}`],
    ['single quotes', "{'lines':[]}"],
    ['a bare key', '{lines:[]}'],
    ['a byte order mark', `\uFEFF${GOOD_TEXT}`],
    ['a control character in a string', '{"reference":"a\nb"}'],
    ['NaN', '{"lines":[{"sku":"A","quantity":NaN}]}'],
    ['Infinity', '{"lines":[{"sku":"A","quantity":Infinity}]}'],
    ['a plus sign', '{"lines":[{"sku":"A","quantity":+5}]}'],
    ['leading zeros', '{"lines":[{"sku":"A","quantity":00012}]}'],
    ['an underscore in a number', '{"lines":[{"sku":"A","quantity":1_000}]}'],
    ['Arabic digits', '{"lines":[{"sku":"A","quantity":٣}]}'],
    ['hexadecimal digits', '{"lines":[{"sku":"A","quantity":0x10}]}'],
    ['nested too deeply', `${'['.repeat(BODY_DEPTH_MAX + 1)}${']'.repeat(BODY_DEPTH_MAX + 1)}`],
    ['nested ten thousand deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['nested and never closed', '['.repeat(65_000)],
  ])('is invalid_json when it has %s', async (_case, body) => {
    const answer = await reserve({ body, asText });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json']);
  });

  it.each([
    ['null', 'null'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['a number', '5'],
    ['as deep as may be', `${'['.repeat(BODY_DEPTH_MAX)}${']'.repeat(BODY_DEPTH_MAX)}`],
  ])('is validation_failed when it is %s', async (_case, body) => {
    const answer = await reserve({ body, asText });
    expect([answer.body.code, pathsOf(answer)]).toEqual(['validation_failed', ['body']]);
  });

  it('does not count brackets within strings as nesting', async () => {
    const body = JSON.stringify({ ...GOOD, metadata: { brackets: '"\\[{'.repeat(50) } });
    expect((await reserve({ body, asText })).status).toBe(201);
  });
});

it.each([
  ['UTF-8 that is cut off', [0x22, 0xc3]],
  ['an overlong encoding', [0x22, 0xc0, 0xaf, 0x22]],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['UTF-16', [...Buffer.from(GOOD_TEXT, 'utf16le')]],
  ['bytes of gzip', [...gzipSync(GOOD_TEXT)]],
])('is invalid_json when it is %s', async (_case, bytes) => {
  expect((await reserve({ body: Uint8Array.from(bytes) })).body.code).toBe('invalid_json');
});

describe('an empty body', () => {
  it.each(['confirmReservation', 'releaseReservation', 'shipReservation', 'cancelReservation'])(
    'counts as {} for %s, with and without a content type',
    async (operationId) => {
      for (const type of [[], 'application/json', 'application/x-www-form-urlencoded']) {
        for (const body of [undefined, '']) {
          const api = createApi();
          const answer = await api.call(operationId, { body, headers: { 'Content-Type': type } });
          expect(answer.status).toBe(200);
          expect(api.requests[0]?.request.body).toEqual({});
        }
      }
    },
  );

  it.each([
    'reserveStock',
    'recordMovement',
    'extendReservation',
    'putProduct',
    'createKey',
    'batchGetStock',
  ])('is invalid_json for %s', async (operationId) => {
    const answer = await createApi().call(operationId, { body: '' });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json']);
  });
});

describe('the media type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json;',
    'application/json; profile=x',
  ])('may be %s', async (type) => {
    expect((await reserve({ headers: { 'Content-Type': type } })).status).toBe(201);
  });

  it.each([
    ['missing', []],
    ['empty', ''],
    ['of a form', 'application/x-www-form-urlencoded'],
    ['of text', 'text/plain'],
    ['of another JSON format', 'application/merge-patch+json'],
    ['almost right', 'application/jsonx'],
    ['in UTF-7', 'application/json; charset=utf-7'],
    ['in Latin-1', 'application/json; charset=iso-8859-1'],
    ['in two character sets', 'application/json; charset=utf-8; charset=utf-7'],
    ['a list', 'application/json, text/plain'],
    ['sent twice', ['application/json', 'application/json']],
  ])('must not be %s', async (_case, type) => {
    const answer = await reserve({ headers: { 'Content-Type': type } });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it.each(['gzip', 'identity', 'br, gzip'])('must not have a Content-Encoding: %s', async (encoding) => {
    for (const body of [GOOD, '']) {
      const answer = await reserve({ body, headers: { 'Content-Encoding': encoding } });
      expect(answer.status).toBe(415);
    }
  });
});

it.each(['getProduct', 'archiveProduct', 'listReservations'])('%s ignores a body', async (operationId) => {
  const headers = { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' };
  for (const body of ['not JSON', 'x'.repeat(BODY_BYTES_MAX + 1)]) {
    expect((await createApi().call(operationId, { body, headers })).status).toBeLessThan(300);
  }
});
