import { describe, expect, it } from 'vitest';
import { failsPrecondition, parseTagCondition, versionTag } from '../../lambdas/http/entity-tags.ts';
import type { AnyResult } from '../../lambdas/http/operation.ts';
import { createApi } from './api.ts';
import { SAMPLE_ANSWERS } from './sample-answers.ts';

const tag = (opaque: string, isWeak = false) => ({ isWeak, opaque });

describe('a list of entity tags', () => {
  it.each([
    [undefined, undefined],
    ['*', '*'],
    [' * ', '*'],
    ['"3"', [tag('3')]],
    ['W/"3"', [tag('3', true)]],
    ['"3", "4"', [tag('3'), tag('4')]],
    ['"3",W/"4" , "a b"', []],
    ['"a,b"', [tag('a,b')]],
    ['""', [tag('')]],
    ['"3",', [tag('3')]],
    ['', []],
    ['3', []],
    ['"3', []],
    ['w/"3"', []],
    ['"3" "4"', []],
    ['*, "3"', []],
    [`"${'x'.repeat(50_000)}`, []],
  ])('%s', (header, parsed) => {
    expect(parseTagCondition(header)).toEqual(parsed);
  });
});

describe('a write', () => {
  it.each([
    ['*', undefined, undefined, true],
    ['*', undefined, 3, false],
    ['"3"', undefined, 3, false],
    ['"2", "3"', undefined, 3, false],
    ['"2"', undefined, 3, true],
    ['"3"', undefined, undefined, true],
    ['W/"3"', undefined, 3, true],
    ['3', undefined, 3, true],
    [undefined, '*', undefined, false],
    [undefined, '*', 3, true],
    [undefined, '"3"', 3, true],
    [undefined, 'W/"3"', 3, true],
    [undefined, '"2"', 3, false],
    [undefined, undefined, 3, false],
    [undefined, undefined, undefined, false],
    ['"3"', '*', 3, true],
  ])(
    'with If-Match: %s and If-None-Match: %s on version %s is refused: %s',
    (match, noneMatch, version, refused) => {
      const conditions = { ifMatch: parseTagCondition(match), ifNoneMatch: parseTagCondition(noneMatch) };
      expect(failsPrecondition(conditions, version)).toBe(refused);
    },
  );

  it('hands the conditions to its operation', async () => {
    const api = createApi();
    await api.call('putProduct', { headers: { 'If-Match': ['"1"', 'W/"2"'], 'if-none-match': '*' } });
    expect(api.requests[0]?.request).toMatchObject({ ifMatch: [tag('1'), tag('2', true)], ifNoneMatch: '*' });
  });
});

describe('a read', () => {
  const read = async (headers: Record<string, string>) => {
    const api = createApi();
    const result = {
      ...SAMPLE_ANSWERS['getProduct'],
      headers: { ETag: versionTag(3), 'Cache-Control': 'private' },
    };
    api.results.set('getProduct', result as AnyResult);
    return api.call('getProduct', { headers });
  };

  it('carries the entity tag', async () => {
    const answer = await read({});
    expect([answer.status, answer.headers['ETag']]).toEqual([200, '"3"']);
  });

  it.each(['"3"', 'W/"3"', '"2", "3"', '*'])('is 304 with If-None-Match: %s', async (header) => {
    const answer = await read({ 'If-None-Match': header });
    expect([answer.status, answer.text]).toEqual([304, '']);
    expect(answer.headers).toMatchObject({
      ETag: '"3"',
      'Cache-Control': 'private',
      'X-Request-Id': 'made-1',
    });
    expect(answer.headers).not.toHaveProperty('Content-Type');
  });

  it.each(['"2"', '3', ''])('is 200 with If-None-Match: %s', async (header) => {
    expect((await read({ 'If-None-Match': header })).status).toBe(200);
  });

  it('is 412 with an If-Match that does not match', async () => {
    expect((await read({ 'If-Match': '"3"' })).status).toBe(200);
    const answer = await read({ 'If-Match': '"2"', 'If-None-Match': '"3"' });
    expect([answer.status, answer.body.code]).toEqual([412, 'version_mismatch']);
  });

  it.each([
    [201, '*', []],
    [200, [], '"3"'],
  ])(
    'means nothing to a write that answers %i: the version is a new one',
    async (status, noneMatch, match) => {
      const api = createApi();
      const result = { ...SAMPLE_ANSWERS['putProduct'], status, headers: { ETag: versionTag(4) } };
      api.results.set('putProduct', result as AnyResult);
      const headers = { 'If-None-Match': noneMatch, 'If-Match': match };
      expect((await api.call('putProduct', { headers })).status).toBe(status);
    },
  );
});
