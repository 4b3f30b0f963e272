/** What the tests of events, queues and webhooks share. */
import type { Caller } from './stack.ts';

export interface BusEvent {
  readonly sequence: number;
  readonly detailType: string;
  // biome-ignore lint/suspicious/noExplicitAny: every type has a shape of its own; the tests say what they expect.
  readonly detail: any;
}

/** Pages that are read at most: far more events than any test makes. */
const PAGES_MAX = 1_000;

/** All events of a type that were ever put on the bus, in the order of their arrival. */
export async function busEvents(control: Caller, detailType?: string): Promise<BusEvent[]> {
  const events: BusEvent[] = [];
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const type = detailType === undefined ? '' : `&detailType=${detailType}`;
    const { body } = await control.expect(200, `GET /events?${after}${type}`);
    events.push(...body.items);
    if (body.items.length === 0) return events;
    after = `after=${body.next}`;
  }
  throw new Error(`More than ${PAGES_MAX} pages of events`);
}

/** Does something with each, so many at once. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<unknown>,
): Promise<void> {
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
