import type { Change } from './change.ts';

/** What puts back must not take the place of what came later, nor the other way round. */
function turnOf({ itemId, restores }: Change): string {
  return restores ? `${itemId}\nrestored` : itemId;
}

/** Changes on their way in one direction: one for each item, in the order in which the items first changed. */
export class Backlog {
  readonly #waiting = new Map<string, Change>();
  #inFlight: readonly Change[] = [];

  get size(): number {
    return this.#waiting.size + this.#inFlight.length;
  }

  /** When the oldest change was read from its stream; `undefined`: there is none. */
  get oldestMs(): number | undefined {
    const first = this.#inFlight[0] ?? this.#waiting.values().next().value;
    return first?.readAtMs;
  }

  /** All changes, for a restart. */
  get changes(): readonly Change[] {
    return [...this.#inFlight, ...this.#waiting.values()];
  }

  /** A later change of the same item takes the place of an earlier one, and its turn. */
  add(change: Change): void {
    const waiting = this.#waiting.get(turnOf(change));
    this.#waiting.set(turnOf(change), { ...change, readAtMs: waiting?.readAtMs ?? change.readAtMs });
  }

  /** Takes the oldest changes that were read by a time, of distinct items. They count until `settle`. */
  take(count: number, byMs: number): readonly Change[] {
    const taken = new Map<string, Change>();
    for (const change of this.#waiting.values()) {
      if (taken.size === count || change.readAtMs > byMs) break;
      if (!taken.has(change.itemId)) taken.set(change.itemId, change);
    }
    this.#inFlight = [...taken.values()];
    for (const change of this.#inFlight) this.#waiting.delete(turnOf(change));
    return this.#inFlight;
  }

  /** What was taken has arrived, but for what is put back in front, unless its item has changed again. */
  settle(left: readonly Change[] = []): void {
    this.#inFlight = [];
    if (left.length === 0) return;
    const later = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const change of [...left, ...later]) this.add(change);
  }
}
