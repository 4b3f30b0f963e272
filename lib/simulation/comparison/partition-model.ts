import { TRANSACTION_MS, UNITS_OF_TRANSACTED_WRITE, WRITE_UNITS_PER_SECOND } from './assumptions.ts';

interface ItemState {
  units: number;
  refilledAtMs: number;
  busyUntilMs: number;
}

const SECOND_MS = 1_000;

/**
 * How much DynamoDB takes: each item a number of write units a second, and a transaction keeps its items to
 * itself while it lasts. Items are taken to lie in partitions of their own, as adaptive capacity arranges it for
 * hot ones.
 */
export class PartitionModel {
  /** Writes that met another one, and writes beyond what an item takes. */
  readonly rejected = { conflicts: 0, throttles: 0 };
  readonly #items = new Map<string, ItemState>();

  /**
   * Lets a commit begin, or rejects it.
   *
   * @returns how long it lasts; `undefined` when it was rejected.
   */
  begin(
    { ids, isTransaction }: { readonly ids: readonly string[]; readonly isTransaction: boolean },
    nowMs: number,
  ): number | undefined {
    const units = isTransaction ? UNITS_OF_TRANSACTED_WRITE : 1;
    const states = ids.map((id) => this.#stateOf(id, nowMs));
    if (states.some(({ busyUntilMs }) => busyUntilMs > nowMs)) {
      this.rejected.conflicts += 1;
      return undefined;
    }
    if (states.some((state) => state.units < units)) {
      this.rejected.throttles += 1;
      return undefined;
    }
    for (const state of states) {
      state.units -= units;
      if (isTransaction) state.busyUntilMs = nowMs + TRANSACTION_MS;
    }
    return isTransaction ? TRANSACTION_MS : 0;
  }

  #stateOf(id: string, nowMs: number): ItemState {
    const known = this.#items.get(id);
    if (known === undefined) {
      const fresh = { units: WRITE_UNITS_PER_SECOND, refilledAtMs: nowMs, busyUntilMs: 0 };
      this.#items.set(id, fresh);
      return fresh;
    }
    const elapsedMs = nowMs - known.refilledAtMs;
    known.units = Math.min(
      WRITE_UNITS_PER_SECOND,
      known.units + (elapsedMs * WRITE_UNITS_PER_SECOND) / SECOND_MS,
    );
    known.refilledAtMs = nowMs;
    return known;
  }
}
