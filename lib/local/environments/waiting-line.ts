/**
 * Requests that wait for an environment. Lambda has no such line: it starts an environment for each request that finds
 * none free, so nobody waits behind somebody else's flood. Where environments are few, the callers take turns instead:
 * whoever has one request waiting is served next but as many as there are callers, however many another has.
 */
export class WaitingLine<Waiting extends { readonly caller: string }> {
  /** In the order of their turns. */
  readonly #byCaller = new Map<string, Waiting[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(waiting: Waiting): void {
    const own = this.#byCaller.get(waiting.caller);
    if (own === undefined) this.#byCaller.set(waiting.caller, [waiting]);
    else own.push(waiting);
    this.#length += 1;
  }

  /** The first of the caller whose turn it is. */
  shift(): Waiting | undefined {
    for (const [caller, own] of this.#byCaller) {
      this.#byCaller.delete(caller);
      const first = own.shift();
      if (own.length > 0) this.#byCaller.set(caller, own);
      if (first === undefined) continue;
      this.#length -= 1;
      return first;
    }
    return undefined;
  }

  /** Takes all out. */
  clear(): Waiting[] {
    const all = [...this.#byCaller.values()].flat();
    this.#byCaller.clear();
    this.#length = 0;
    return all;
  }
}
