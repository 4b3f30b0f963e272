import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../lib/adapters/system/clock.ts';
import { sha256Digest } from '../../../../lib/adapters/system/digest.ts';
import { systemRandomness } from '../../../../lib/adapters/system/randomness.ts';

describe('the digest', () => {
  it('is the SHA-256 of its parts, each after its length in bytes', () => {
    // `printf '1:a2:\303\251' | sha256sum`
    const expected = '7109eab322e40417f68c2324b32fc460';
    expect(sha256Digest.hex(64, 'a', 'é')).toHaveLength(64);
    expect(sha256Digest.hex(32, 'a', 'é')).toBe(expected);
  });

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a'], ['a', '']],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [['1:a'], ['a']],
    [['a1:b'], ['a', 'b']],
  ])('tells %j from %j', (one, other) => {
    expect(sha256Digest.hex(32, ...one)).not.toBe(sha256Digest.hex(32, ...other));
  });

  it('has 64 digits at most', () => {
    expect(() => sha256Digest.hex(65, 'a')).toThrow(RangeError);
  });
});

describe('the randomness', () => {
  it.each([1, 2, 11, 12])('makes %d hexadecimal digits', (digits) => {
    expect(systemRandomness.hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
  });

  it('makes URL-safe text of random bytes', () => {
    expect(systemRandomness.base64url(32)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(systemRandomness.base64url(32)).not.toBe(systemRandomness.base64url(32));
  });

  it('makes fractions from 0 up to 1', () => {
    const fractions = Array.from({ length: 1_000 }, () => systemRandomness.fraction());
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...fractions)).toBeLessThan(1);
    expect(Math.max(...fractions) - Math.min(...fractions)).toBeGreaterThan(0.9);
  });
});

describe('the clock', () => {
  it('sleeps as long as it is told', async () => {
    const before = systemClock.now();
    await systemClock.sleep(20);
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(19);
  });
});
