import { describe, expect, it } from 'vitest';
import { UnitBudget } from '../../../lib/operate/migrate/unit-budget.ts';

describe('a budget of units', () => {
  it('lets several spend at one rate together, and saves nothing up while nobody spends', async () => {
    let nowMs = 1_000;
    const waits: number[] = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    const budget = new UnitBudget(20, { now: () => nowMs, sleep });
    await Promise.all([budget.spend(10), budget.spend(5)]);
    expect(waits).toEqual([500, 750]);
    nowMs = 60_000;
    await budget.spend(1);
    expect(waits.at(-1)).toBe(50);
  });
});
