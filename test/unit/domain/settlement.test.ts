import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Position, receive, remove, retarget, settleGiveBack } from '../../../lib/domain/settlement.ts';

const units = fc.nat({ max: 50 });

/** Positions as they are at rest: a shortage stands alone, and what is free is kept back first. */
const position = fc
  .record({ promised: units, free: fc.integer({ min: -20, max: 50 }), safetyStock: fc.nat({ max: 10 }) })
  .map(({ promised, free, safetyStock }) => {
    const shortage = Math.min(promised, Math.max(0, -free));
    const kept = Math.min(safetyStock, Math.max(0, free));
    const available = Math.max(0, free) - kept;
    const onHand = kept + available + promised - shortage;
    return { onHand, keptBack: kept, shortage, available, safetyStock, promised };
  });

type Whole = Position & { promised: number };

function settled(before: Whole, change: ReturnType<typeof receive>): Whole {
  return {
    ...before,
    onHand: before.onHand + change.stock.onHand,
    keptBack: before.keptBack + change.stock.keptBack,
    shortage: before.shortage + change.stock.shortage,
    available: before.available + change.quota.available,
    promised: before.promised + change.quota.promised,
  };
}

function expectAtRest(state: Whole): void {
  const { onHand, keptBack, shortage, available, promised, safetyStock } = state;
  for (const count of [onHand, keptBack, shortage, available, promised])
    expect(count).toBeGreaterThanOrEqual(0);
  expect(onHand + shortage).toBe(keptBack + available + promised);
  if (shortage > 0) expect(available + keptBack).toBe(0);
  if (available > 0) expect(keptBack).toBe(safetyStock);
}

describe('settlement', () => {
  it('pays shortage, then keeps back, then promises what arrives', () => {
    const before = { onHand: 2, keptBack: 0, shortage: 3, available: 0, safetyStock: 4 };
    expect(receive(before, 10)).toEqual({
      stock: { onHand: 10, keptBack: 4, shortage: -3, recalled: false },
      quota: { available: 3, promised: 0, recalled: false },
    });
    expect(receive(before, 5)).toEqual({
      stock: { onHand: 5, keptBack: 2, shortage: -3, recalled: true },
      quota: { available: 0, promised: 0, recalled: true },
    });
  });

  it('takes what is available, then what is kept back, and calls the rest missing', () => {
    const before = { onHand: 9, keptBack: 2, shortage: 0, available: 3, safetyStock: 2 };
    expect(remove(before, 3)).toMatchObject({ missing: 0, quota: { available: -3, recalled: false } });
    expect(remove(before, 4)).toMatchObject({
      missing: 0,
      stock: { keptBack: -1 },
      quota: { available: -3, recalled: true, expectAvailable: 3 },
    });
    expect(remove(before, 7)).toMatchObject({ missing: 2, stock: { onHand: -7, shortage: 2 } });
  });

  it('leaves every position at rest, whatever happens to it', () => {
    fc.assert(
      fc.property(position, units, fc.nat({ max: 10 }), (before, quantity, safetyStock) => {
        expectAtRest(settled(before, receive(before, quantity)));
        if (quantity <= before.onHand) expectAtRest(settled(before, remove(before, quantity)));
        const given = Math.min(quantity, before.promised);
        expectAtRest(settled(before, settleGiveBack(before, given)));
        const retargeted = { ...before, safetyStock };
        expectAtRest(settled(retargeted, retarget(retargeted)));
      }),
      { numRuns: 1000 },
    );
  });

  it('recalls a quota exactly while its location is owed units', () => {
    fc.assert(
      fc.property(position, units, (before, quantity) => {
        const change = receive(before, quantity);
        const state = settled(before, change);
        expect(change.quota.recalled).toBe(state.shortage > 0 || state.keptBack < state.safetyStock);
      }),
      { numRuns: 1000 },
    );
  });
});
