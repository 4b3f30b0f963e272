import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, isAllowed } from '../../../lib/local/iam/evaluate.ts';
import { parsePolicy, parseStatement } from '../../../lib/local/iam/policy.ts';

const texts = fc.stringMatching(/^[ab#:]{0,12}$/);
const patterns = fc.stringMatching(/^[ab#:*?]{0,8}$/);

/** The same, said in another way. */
const asExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);

const request = (keys: readonly string[] = ['T#a']) => ({
  action: 'dynamodb:GetItem',
  resource: 'arn:x',
  context: { 'dynamodb:LeadingKeys': keys },
});
const allow = (condition: object = {}, rest: object = {}) =>
  parseStatement({
    Effect: 'Allow',
    Action: 'dynamodb:GetItem',
    Resource: 'arn:x',
    Condition: condition,
    ...rest,
  });

describe('a pattern', () => {
  it('is read as a regular expression would be', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(fits(pattern, text)).toBe(asExpression(pattern).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no long time, whatever it is', () => {
    const started = performance.now();
    expect(fits(`${'a*'.repeat(200)}b`, 'a'.repeat(4000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('with a variable is not evaluated', () => {
    expect(() => fits(`T#$${'{aws:username}'}`, 'x')).toThrow('not evaluated');
  });
});

describe('a policy', () => {
  it('allows what one statement allows and none denies', () => {
    expect(isAllowed([[allow()]], request())).toBe(true);
    expect(isAllowed([[]], request())).toBe(false);
    expect(isAllowed([[allow(), allow({}, { Effect: 'Deny' })]], request())).toBe(false);
    expect(isAllowed([[allow({}, { Effect: 'Deny', Action: 'dynamodb:Put*' }), allow()]], request())).toBe(
      true,
    );
    expect(isAllowed([[allow({}, { Action: 'DYNAMODB:get*' })]], request())).toBe(true);
    expect(isAllowed([[allow({}, { Resource: 'arn:X' })]], request())).toBe(false);
  });

  it('of a role and of a session must both allow', () => {
    expect(isAllowed([[allow()], [allow()]], request())).toBe(true);
    expect(isAllowed([[allow()], []], request())).toBe(false);
    expect(isAllowed([[], [allow()]], request())).toBe(false);
  });

  it('on all keys holds of none as well, unless some are asked for', () => {
    const onlyA = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#a', 'T#a#*'] } };
    const may = (keys: readonly string[], condition: object) =>
      isAllowed([[allow(condition)]], request(keys));
    expect(may(['T#a', 'T#a#b'], onlyA)).toBe(true);
    expect(may(['T#a', 'T#b'], onlyA)).toBe(false);
    expect(may([], onlyA)).toBe(true);
    expect(may([], { ...onlyA, Null: { 'dynamodb:LeadingKeys': 'false' } })).toBe(false);
    expect(may(['T#a'], { ...onlyA, Null: { 'dynamodb:LeadingKeys': 'true' } })).toBe(false);
    expect(may(['T#a'], { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'T#*' } })).toBe(false);
    expect(may(['T#a#b'], { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': 'T#*#*' } })).toBe(false);
  });

  it('that says what is not evaluated here is refused, never passed over', () => {
    const odd = allow({ StringEqualsIfExists: { 'aws:x': 'y' } });
    expect(() => isAllowed([[odd]], request())).toThrow('not evaluated');
    expect(() => parseStatement({ Effect: 'Allow', NotAction: 'x', Resource: '*' })).toThrow();
    expect(() => parsePolicy({ Statement: [] })).toThrow();
  });
});
