import { describe, expect, it } from 'vitest';
import { SupplyRises } from '../../../lib/replay/supply-rises.ts';

function risesAt(...atMs: readonly (readonly [number, readonly string[]])[]) {
  let nowMs = 0;
  const rises = new SupplyRises(() => nowMs);
  for (const [at, skus] of atMs) {
    nowMs = at;
    rises.note(skus);
  }
  return (skus: readonly string[], sentAtMs: number) => {
    nowMs = sentAtMs + 10;
    return rises.doubtMs(skus, sentAtMs);
  };
}

describe('doubt about a refusal', () => {
  it('is none when nothing has risen', () => {
    expect(risesAt()(['a'], 500)).toBe(0);
  });

  it('lasts until knowledge from before the rise is too old', () => {
    expect(risesAt([100, ['a']])(['a'], 500)).toBe(590);
  });

  it('is none once the request was sent later than that', () => {
    expect(risesAt([100, ['a']])(['a'], 1_101)).toBe(0);
  });

  it('is none when one of the lines is certain', () => {
    expect(risesAt([100, ['a']])(['a', 'b'], 500)).toBe(0);
    expect(risesAt([100, ['a', 'b']])(['a', 'b'], 500)).toBe(590);
  });

  it('counts from the latest rise', () => {
    expect(risesAt([100, ['a']], [400, ['a']])(['a'], 500)).toBe(890);
  });

  it('is none when the refusal names no line', () => {
    expect(risesAt([100, ['a']])([], 500)).toBe(0);
  });
});
