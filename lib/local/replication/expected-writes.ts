import type { Change } from './change.ts';
import { imageText } from './image-text.ts';

interface Expected {
  readonly change: Change;
  readonly text: string;
  /** Of `performance.now`; `undefined`: the database has not answered yet. */
  writtenAtMs: number | undefined;
}

/**
 * The replicator's own writes to one region that its stream has not shown yet. By them a replicated write is
 * told from a local one: an attribute as mark would be seen by readers, and would be kept by later updates.
 */
export class ExpectedWrites {
  readonly #byItem = new Map<string, Expected[]>();

  /** Must be called before the write is sent. */
  expect(change: Change): void {
    const expected = { change, text: imageText(change.image), writtenAtMs: undefined };
    const others = this.#byItem.get(change.itemId);
    if (others === undefined) this.#byItem.set(change.itemId, [expected]);
    else others.push(expected);
  }

  /** The database has answered, so the stream has the record now, if the write changed anything. */
  written(change: Change): void {
    const expected = this.#byItem.get(change.itemId)?.find((one) => one.change === change);
    if (expected !== undefined) expected.writtenAtMs = performance.now();
  }

  /** The database has refused the write. */
  withdraw(change: Change): void {
    const rest = (this.#byItem.get(change.itemId) ?? []).filter((one) => one.change !== change);
    if (rest.length === 0) this.#byItem.delete(change.itemId);
    else this.#byItem.set(change.itemId, rest);
  }

  /**
   * The write that made a stream record, and before it those of the same region for the same item that changed
   * nothing and so made none; empty for a local write. Writes of two regions may overtake each other on their way
   * into the database: an earlier one of another region may still show.
   */
  match(itemId: string, image: Change['image']): readonly Change[] {
    const waiting = this.#byItem.get(itemId);
    if (waiting === undefined) return [];
    const text = imageText(image);
    const index = waiting.findIndex((expected) => expected.text === text);
    const found = waiting[index];
    if (found === undefined) return [];
    const { writer } = found.change.version;
    const matched = waiting.slice(0, index + 1).filter(({ change }) => change.version.writer === writer);
    const rest = waiting.filter((one) => !matched.includes(one));
    if (rest.length === 0) this.#byItem.delete(itemId);
    else this.#byItem.set(itemId, rest);
    return matched.map(({ change }) => change);
  }

  /** Removes those that were written before a time up to which the stream has been read: they changed nothing. */
  takeUnseen(beforeMs: number): readonly Change[] {
    const unseen: Change[] = [];
    for (const [itemId, waiting] of this.#byItem) {
      const rest = waiting.filter((one) => one.writtenAtMs === undefined || one.writtenAtMs >= beforeMs);
      unseen.push(...waiting.filter((one) => !rest.includes(one)).map(({ change }) => change));
      if (rest.length === 0) this.#byItem.delete(itemId);
      else this.#byItem.set(itemId, rest);
    }
    return unseen;
  }
}
