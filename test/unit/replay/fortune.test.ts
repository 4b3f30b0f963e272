import { describe, expect, it } from 'vitest';
import { createFortune } from '../../../lib/replay/fortune.ts';

const IDS = Array.from({ length: 2_000 }, (_, at) => `order-${at}`);
const released = (seed: number) => IDS.filter(createFortune(seed, 'run').isReleased);

describe('the fortune of a seed', () => {
  it('answers the same question the same, in any order', () => {
    expect(released(1)).toEqual(IDS.toReversed().filter(createFortune(1, 'other').isReleased).toReversed());
  });

  it('answers otherwise for another seed', () => {
    expect(released(1)).not.toEqual(released(2));
  });

  it('lets few shoppers leave', () => {
    const share = released(1).length / IDS.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.04);
  });

  it('makes keys that differ by seed, run, order and step, and that the API takes', () => {
    const keys = [
      createFortune(1, 'a').keyOf('1', 'hold'),
      createFortune(2, 'a').keyOf('1', 'hold'),
      createFortune(1, 'b').keyOf('1', 'hold'),
      createFortune(1, 'a').keyOf('2', 'hold'),
      createFortune(1, 'a').keyOf('1', 'ship'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[\x21-\x7E]{1,128}$/.test(key))).toBe(true);
  });

  it('lets holds live for hours, within what the API takes', () => {
    const lives = IDS.map(createFortune(1, 'run').ttlSeconds);
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(21_600);
    expect(Math.max(...lives)).toBeLessThanOrEqual(86_400);
    expect(new Set(lives).size).toBeGreaterThan(1_000);
  });

  it('puts products in every place', () => {
    const { placeOf } = createFortune(1, 'run');
    expect(new Set(IDS.map((id) => placeOf(id, 4)))).toEqual(new Set([0, 1, 2, 3]));
  });
});
