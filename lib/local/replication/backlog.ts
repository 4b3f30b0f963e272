import type { Change } from './change.ts';

/**
 * Up to so much more than the delay each item takes, at random: items overtake each other, and those of one
 * transaction arrive one by one, as they may in AWS.
 */
const SPREAD = 0.5;

interface Waiting {
  readonly change: Change;
  /** From 1 to 1 plus the spread. */
  readonly slowness: number;
}

/** What puts back must not take the place of what came later, nor the other way round. */
function turnOf({ itemId, restores }: Change): string {
  return restores ? `${itemId}\nrestored` : itemId;
}

/** Changes on their way in one direction: one for each item, in the order in which the items first changed. */
export class Backlog {
  readonly #waiting = new Map<string, Waiting>();
  #inFlight: readonly Change[] = [];

  get size(): number {
    return this.#waiting.size + this.#inFlight.length;
  }

  /** When the oldest change was read from its stream; `undefined`: there is none. */
  get oldestMs(): number | undefined {
    const first = this.#inFlight[0] ?? this.#waiting.values().next().value?.change;
    return first?.readAtMs;
  }

  /** All changes, for a restart. */
  get changes(): readonly Change[] {
    return [...this.#inFlight, ...[...this.#waiting.values()].map(({ change }) => change)];
  }

  /** A later change of the same item takes the place of an earlier one, and its turn. */
  add(change: Change): void {
    const turn = turnOf(change);
    const waiting = this.#waiting.get(turn);
    this.#waiting.set(turn, {
      change: { ...change, readAtMs: waiting?.change.readAtMs ?? change.readAtMs },
      slowness: waiting?.slowness ?? 1 + SPREAD * Math.random(),
    });
  }

  /** When the next change is due; `undefined`: there is none. */
  nextDueMs(delayMs: number): number | undefined {
    let next: number | undefined;
    for (const { change, slowness } of this.#waiting.values()) {
      // They are in order of their times, so no later one is due before this.
      if (next !== undefined && change.readAtMs + delayMs >= next) break;
      next = Math.min(next ?? Number.POSITIVE_INFINITY, change.readAtMs + delayMs * slowness);
    }
    return next;
  }

  /** Takes changes that are due, of distinct items. They count until `settle`. */
  take(count: number, delayMs: number, nowMs: number): readonly Change[] {
    const taken = new Map<string, Change>();
    for (const { change, slowness } of this.#waiting.values()) {
      if (taken.size === count || change.readAtMs + delayMs > nowMs) break;
      if (change.readAtMs + delayMs * slowness > nowMs || taken.has(change.itemId)) continue;
      taken.set(change.itemId, change);
    }
    this.#inFlight = [...taken.values()];
    for (const change of this.#inFlight) this.#waiting.delete(turnOf(change));
    return this.#inFlight;
  }

  /** What was taken has arrived, but for what is put back in front, unless its item has changed again. */
  settle(left: readonly Change[] = []): void {
    this.#inFlight = [];
    if (left.length === 0) return;
    const later = [...this.#waiting.values()].map(({ change }) => change);
    this.#waiting.clear();
    for (const change of [...left, ...later]) this.add(change);
  }
}
