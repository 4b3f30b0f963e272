import type { Clock } from '../../application/ports.ts';

/** Spends capacity units at a rate. Who has spent waits until it is paid for, so that a large page is paid for too. */
export class UnitBudget {
  readonly #unitsPerSecond: number;
  readonly #clock: Clock;
  #paidAtMs = 0;

  constructor(unitsPerSecond: number, clock: Clock) {
    this.#unitsPerSecond = unitsPerSecond;
    this.#clock = clock;
  }

  async spend(units: number): Promise<void> {
    const nowMs = this.#clock.now();
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs) + (units * 1_000) / this.#unitsPerSecond;
    await this.#clock.sleep(this.#paidAtMs - nowMs);
  }
}
