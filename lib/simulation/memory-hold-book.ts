import type { HoldBook, PutHolds } from '../application/hold-book.ts';
import type { HoldsKey, OpenHolds } from '../domain/open-holds.ts';
import { frozenCopy } from './frozen-records.ts';

const idOf = ({ tenantId, referenceHash = '' }: HoldsKey): string => `${tenantId}#${referenceHash}`;

/** The open holds of one region on a Map. Everything it returns is frozen. */
export class MemoryHoldBook implements HoldBook {
  readonly #lists = new Map<string, OpenHolds>();

  async read(keys: readonly HoldsKey[]): Promise<readonly (OpenHolds | undefined)[]> {
    return keys.map((key) => this.#lists.get(idOf(key)));
  }

  async put(holds: OpenHolds): Promise<PutHolds> {
    const there = this.#lists.get(idOf(holds));
    if ((there?.version ?? 0) !== holds.version - 1) return { outcome: 'refused', there };
    this.#lists.set(idOf(holds), frozenCopy(holds) as OpenHolds);
    return { outcome: 'stored' };
  }
}
