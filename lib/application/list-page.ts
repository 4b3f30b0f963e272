/** Pages of a filtered list: reads on until the page is full, the list ends, or enough was read. */
import type { Page, PageRequest } from './ports.ts';

/** Records one read of a filtered list asks for. */
const READ_SIZE = 100;

/** Reads for one page: a filter that matches nearly nothing ends with a short page and a cursor to go on from. */
const READS_MAX = 10;

export interface PageSource<Item> {
  readonly read: (page: PageRequest) => Promise<Page<Item>>;
  readonly accepts: (item: Item) => boolean;
  /** The place of an item in the list: the next page goes on right behind the last one shown. */
  readonly positionOf: (item: Item) => string;
}

/** Cuts a page from what was accepted; one item too many tells that there is more. */
function cut<Item>(accepted: readonly Item[], limit: number, source: PageSource<Item>): Page<Item> {
  const items = accepted.slice(0, limit);
  const last = items.at(-1);
  return last === undefined ? { items } : { items, next: source.positionOf(last) };
}

/** Fills a page with the items that a filter accepts. */
export async function fillPage<Item>(page: PageRequest, source: PageSource<Item>): Promise<Page<Item>> {
  const accepted: Item[] = [];
  let position = page.after === undefined ? {} : { after: page.after };
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const found = await source.read({ limit: READ_SIZE, ...position });
    accepted.push(...found.items.filter(source.accepts));
    if (accepted.length > page.limit) return cut(accepted, page.limit, source);
    if (found.next === undefined) return { items: accepted };
    position = { after: found.next };
  }
  return 'after' in position ? { items: accepted, next: position.after } : { items: accepted };
}
