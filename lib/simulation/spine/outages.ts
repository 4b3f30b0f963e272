/** The queues, the bus and the log of a region may be out of order while its database works. */
export class Outages {
  /** How many outages a region has: they may overlap. */
  readonly #counts = new Map<string, number>();

  isOut(region: string): boolean {
    return (this.#counts.get(region) ?? 0) > 0;
  }

  begin(region: string): void {
    this.#counts.set(region, (this.#counts.get(region) ?? 0) + 1);
  }

  end(region: string): void {
    this.#counts.set(region, Math.max(0, (this.#counts.get(region) ?? 0) - 1));
  }

  endAll(): void {
    this.#counts.clear();
  }
}
