import { describe, expect, it } from 'vitest';
import { quickDigest } from '../../lib/simulation/quick-digest.ts';
import { SeededRandom } from '../../lib/simulation/random.ts';
import { Trace } from '../../lib/simulation/trace.ts';

const DRAWS = 20_000;

describe('seeded randomness', () => {
  const draws = (random: SeededRandom) => Array.from({ length: 20 }, () => random.word());

  it('is the same for the same seed, and another for another', () => {
    expect(draws(new SeededRandom(1))).toEqual(draws(new SeededRandom(1)));
    expect(draws(new SeededRandom(1))).not.toEqual(draws(new SeededRandom(2)));
  });

  it('gives a part its own, whatever was drawn elsewhere', () => {
    const [fresh, used] = [new SeededRandom(3), new SeededRandom(3)];
    draws(used);
    used.fork('other').word();
    expect(draws(used.fork('part'))).toEqual(draws(fresh.fork('part')));
    expect(draws(fresh.fork('part'))).not.toEqual(draws(fresh.fork('other')));
  });

  it('draws evenly', () => {
    const random = new SeededRandom('even');
    const counts = new Map<number, number>();
    let sum = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const face = random.integer(1, 6);
      counts.set(face, (counts.get(face) ?? 0) + 1);
      sum += random.exponential(10);
    }
    expect([...counts.keys()].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(count / DRAWS).toBeCloseTo(1 / 6, 1);
    expect(sum / DRAWS).toBeGreaterThan(9.5);
    expect(sum / DRAWS).toBeLessThan(10.5);
  });

  it('gives texts as the port asks for them', () => {
    const random = new SeededRandom('texts');
    expect(random.hex(13)).toMatch(/^[0-9a-f]{13}$/);
    expect(random.base64url(16)).toMatch(/^[\w-]{22}$/);
    expect(new Set(Array.from({ length: DRAWS }, () => random.hex(16))).size).toBe(DRAWS);
    expect(() => random.pick([])).toThrow('nothing to pick');
  });
});

describe('the quick digest', () => {
  it('is the same for the same parts, as long as asked for', () => {
    expect(quickDigest.hex(40, 'a', 'b')).toBe(quickDigest.hex(40, 'a', 'b'));
    expect(quickDigest.hex(64, 'a')).toMatch(/^[0-9a-f]{64}$/);
    expect(quickDigest.hex(64, 'a').startsWith(quickDigest.hex(10, 'a'))).toBe(true);
    expect(() => quickDigest.hex(65, 'a')).toThrow(RangeError);
  });

  it('tells parts apart, however they are cut', () => {
    const digests = [['ab', 'c'], ['a', 'bc'], ['abc'], ['a', 'b', 'c'], [], ['']].map((parts) =>
      quickDigest.hex(16, ...parts),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('tells many like keys apart', () => {
    const digests = Array.from({ length: DRAWS }, (_, index) =>
      quickDigest.hex(16, 'tenant', `key-${index}`),
    );
    expect(new Set(digests).size).toBe(DRAWS);
  });
});

describe('a trace', () => {
  it('has the same hash for the same notes only', () => {
    const hashOf = (...notes: [number, string, number][]) => {
      const trace = new Trace();
      for (const [atMs, ...words] of notes) trace.note(atMs, words);
      return trace.hash;
    };
    const hashes = [
      hashOf([1, 'a', 1], [2, 'b', 2]),
      hashOf([1, 'a', 1]),
      hashOf([2, 'b', 2], [1, 'a', 1]),
      hashOf([1.001, 'a', 1], [2, 'b', 2]),
      hashOf([1, 'a', 2], [2, 'b', 2]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf([1, 'a', 1], [2, 'b', 2])).toBe(hashes[0]);
  });

  it('keeps its notes only when asked, and makes details only then', () => {
    const [quiet, kept] = [new Trace(), new Trace({ keep: true })];
    for (const trace of [quiet, kept]) trace.note(5, ['what', 3], () => 'in detail');
    expect(quiet.lines).toEqual([]);
    expect(kept.lines).toEqual([{ atMs: 5, text: 'what 3 in detail' }]);
    expect(kept.hash).toBe(quiet.hash);
  });
});
