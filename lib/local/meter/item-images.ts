import type { Item } from './item-size.ts';
import type { MeteredTable } from './table-keys.ts';

/** Items of which the last image is kept; some 10 MB at most for items of usual size. */
const MAX_IMAGES = 5_000;

/**
 * Last known images of items, so that the size of an item before a write need not be read each time. The least
 * recently used are forgotten.
 */
export class ItemImages {
  /** `null`: known to be absent. */
  readonly #images = new Map<string, Item | null>();

  get(table: MeteredTable, key: Item): Item | null | undefined {
    const id = identify(table, key);
    const image = this.#images.get(id);
    if (image === undefined) return undefined;
    this.#images.delete(id);
    this.#images.set(id, image);
    return image;
  }

  /** @param key the key, or any image of the item that has it. */
  set(table: MeteredTable, key: Item, image: Item | null): void {
    const id = identify(table, key);
    this.#images.delete(id);
    this.#images.set(id, image);
    if (this.#images.size <= MAX_IMAGES) return;
    const [oldest] = this.#images.keys();
    if (oldest !== undefined) this.#images.delete(oldest);
  }

  forget(table: MeteredTable, key: Item): void {
    this.#images.delete(identify(table, key));
  }

  clear(): void {
    this.#images.clear();
  }
}

function identify({ name, keys }: MeteredTable, key: Item): string {
  return JSON.stringify([name, ...keys.map((attribute) => key[attribute])]);
}
