import type { Page, PageRequest } from '../../lib/application/ports.ts';
import type { CursorScope, Cursors } from './cursor.ts';
import type { Problem } from './problem.ts';

interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const INVALID_CURSOR: Problem = {
  problem: 'invalid_cursor',
  detail: 'The cursor belongs to another list, filter or tenant, or was altered. Start again without one.',
};

/**
 * Answers a page of a list: opens the caller's cursor, reads, and seals the position of the next page.
 *
 * @param scope what the cursor is good for: its filter holds everything of the query but limit and cursor
 */
export async function answerPage<Item, Shown>(
  query: ListQuery,
  list: {
    readonly cursors: Cursors;
    readonly scope: CursorScope;
    readonly read: (page: PageRequest) => Promise<Page<Item>>;
    readonly show: (item: Item) => Shown;
  },
) {
  const { limit, cursor } = query;
  const after = cursor === undefined ? undefined : await list.cursors.verify(list.scope, cursor);
  if (cursor !== undefined && after === undefined) return INVALID_CURSOR;
  const page = await list.read({ limit, ...(after === undefined ? {} : { after }) });
  const nextCursor = page.next === undefined ? null : await list.cursors.sign(list.scope, page.next);
  return { status: 200, body: { items: page.items.map(list.show), nextCursor } } as const;
}
