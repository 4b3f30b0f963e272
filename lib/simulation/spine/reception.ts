import type { Message } from '../../application/ports.ts';
import { Violation } from '../oracle/violation.ts';
import type { SimulatedWorld } from '../world.ts';

/** A text that is the same for equal values, whatever the order of their fields. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What a bus or a log has taken: each id once, however often it came. What comes again must be the same. */
export class Reception<Sent extends Message> {
  readonly #world: SimulatedWorld;
  readonly #name: string;
  readonly #taken = new Map<string, Sent>();

  constructor(world: SimulatedWorld, name: string) {
    this.#world = world;
    this.#name = name;
  }

  get messages(): readonly Sent[] {
    return [...this.#taken.values()];
  }

  has(id: string): boolean {
    return this.#taken.has(id);
  }

  take(messages: readonly Sent[]): void {
    for (const message of messages) {
      const before = this.#taken.get(message.id);
      if (before === undefined) this.#taken.set(message.id, message);
      else this.#compare(before, message);
    }
    this.#world.counts.add('takenMessages', messages.length);
  }

  /** Texts are made only of what comes twice. */
  #compare(first: Sent, second: Sent): void {
    // Mostly not even the order of the fields differs.
    if (JSON.stringify(first) === JSON.stringify(second)) return;
    const [before, after] = [canonicalText(first), canonicalText(second)];
    if (before === after) return;
    const { id } = second;
    const what = `${this.#name} ${id} came twice and was not the same: ${before}, then ${after}`;
    this.#world.time.fail(new Violation(what));
  }
}
