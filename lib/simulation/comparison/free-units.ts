import type { Acceptance, Grant } from '../../domain/grant.ts';
import type { Quota } from '../../domain/quota.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Change } from '../memory-table.ts';

type Listener = (sku: string, free: number) => void;

/** Knows at every instant how many units could be held somewhere: in a quota, or on their way to one. */
export class FreeUnits {
  readonly #free = new Map<string, number>();
  readonly #listeners: Listener[] = [];

  constructor(stores: readonly MemoryStore[]) {
    for (const store of stores) store.onChange((changes) => this.#learn(changes));
  }

  of(sku: string): number {
    return this.#free.get(sku) ?? 0;
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  add(sku: string, units: number): void {
    const free = this.of(sku) + units;
    this.#free.set(sku, free);
    for (const listener of this.#listeners) listener(sku, free);
  }

  /** The changes of one commit count together: between them units are nowhere. */
  #learn(changes: readonly Change[]): void {
    const bySku = new Map<string, number>();
    for (const change of changes) {
      if (change.origin !== 'local') continue;
      const counted = unitsOf(change);
      if (counted === undefined) continue;
      bySku.set(counted.sku, (bySku.get(counted.sku) ?? 0) + counted.units);
    }
    for (const [sku, units] of bySku) if (units !== 0) this.add(sku, units);
  }
}

/** By how much a change of one record changes what is free. */
function unitsOf({ entity, before, after }: Change): { sku: string; units: number } | undefined {
  if (entity === 'quota') {
    const [old, now] = [before as Quota | undefined, after as Quota];
    return { sku: now.sku, units: now.available - (old?.available ?? 0) };
  }
  if (before !== undefined || after === undefined) return undefined;
  if (entity === 'grant') return { sku: (after as Grant).sku, units: (after as Grant).quantity };
  if (entity !== 'acceptance') return undefined;
  const { sku, quantity } = after as Acceptance;
  return { sku, units: -quantity };
}
