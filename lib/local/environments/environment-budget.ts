/** A pool, as the budget sees it. */
export interface BudgetMember {
  /** Ends the environment that has been idle longest; false when none is idle. */
  endOneIdle(): boolean;
  /** Starts an environment for what waits, if something does. */
  grow(): void;
}

/**
 * Bounds the number of environments of all functions and regions together: each takes up to 40 MB, and a stack
 * must fit a small machine. A pool that needs one more takes the place of another pool's idle one, or waits.
 */
export class EnvironmentBudget {
  #free: number;
  readonly #members = new Set<BudgetMember>();
  readonly #waiting = new Set<BudgetMember>();

  constructor(total: number) {
    this.#free = total;
  }

  join(member: BudgetMember): void {
    this.#members.add(member);
  }

  /** True: the member may start an environment. False: it is told to grow as soon as it may. */
  acquire(member: BudgetMember): boolean {
    if (this.#free === 0) this.#endOneIdle(member);
    if (this.#free === 0) {
      this.#waiting.add(member);
      return false;
    }
    this.#free -= 1;
    return true;
  }

  release(): void {
    this.#free += 1;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next.grow();
  }

  /** True when another member waits for the place of an environment that has nothing to do. */
  isWanted(member: BudgetMember): boolean {
    return this.#waiting.size > (this.#waiting.has(member) ? 1 : 0);
  }

  #endOneIdle(member: BudgetMember): void {
    for (const other of this.#members) {
      if (other !== member && other.endOneIdle()) return;
    }
  }
}
