import type { Units } from './capacity-units.ts';

/** What one API operation or background function has consumed since the last reset. */
export interface OperationTotals {
  readonly name: string;
  readonly requests: number;
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Totals = { -readonly [Name in keyof OperationTotals]: OperationTotals[Name] };

/** Counts database calls by what they were made for: an environment serves one thing at a time. */
export class Meter {
  #totals = new Map<string, Totals>();
  readonly #servedBy = new Map<string, string>();

  /** An environment begins to serve a request (`POST /v1/reservations`) or an event (a function's name). */
  begin(environmentId: string, operation: string): void {
    this.#servedBy.set(environmentId, operation);
    this.#of(operation).requests += 1;
  }

  /** An environment exists and serves nothing yet: what it calls while it loads counts for its function. */
  expect(environmentId: string, functionName: string): void {
    this.#servedBy.set(environmentId, functionName);
  }

  forget(environmentId: string): void {
    this.#servedBy.delete(environmentId);
  }

  /** What the environment serves; `undefined` when there is no such environment any more. */
  operationOf(environmentId: string): string | undefined {
    return this.#servedBy.get(environmentId);
  }

  count(operation: string, units: Units): void {
    const totals = this.#of(operation);
    totals.calls += 1;
    totals.readUnits += units.read;
    totals.writeUnits += units.write;
  }

  read(): OperationTotals[] {
    return [...this.#totals.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((totals) => ({ ...totals }));
  }

  reset(): void {
    this.#totals = new Map();
  }

  #of(name: string): Totals {
    const known = this.#totals.get(name);
    if (known !== undefined) return known;
    const totals = { name, requests: 0, calls: 0, readUnits: 0, writeUnits: 0 };
    this.#totals.set(name, totals);
    return totals;
  }
}
