import type { Page, PageRequest } from '../../lib/application/ports.ts';

/** A list that never ends is a bug; no test has this many pages. */
const PAGES_MAX = 50;

/** All pages of a list, by its limit. */
export async function allPages<Item>(
  limit: number,
  list: (page: PageRequest) => Promise<Page<Item>>,
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let after: string | undefined;
  while (pages.length < PAGES_MAX) {
    const page = await list({ limit, ...(after !== undefined && { after }) });
    pages.push([...page.items]);
    if (page.next === undefined) return pages;
    after = page.next;
  }
  throw new Error(`The list has more than ${PAGES_MAX} pages`);
}
