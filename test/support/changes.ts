/** Batches of changes as a stream shows them, and a region that handles them. */
import { type ChangesOptions, completeChanges } from '../../lib/application/complete-changes.ts';
import type { RecordChange, Store } from '../../lib/application/ports.ts';
import type { ChangeEvent, StreamedRecord } from '../../lib/application/streamed-record.ts';
import { EU, Regions } from './regions.ts';

/** A store of which some methods are others. */
export const storeWith = (store: Store, methods: Partial<Store>): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) =>
      methods[name] ?? (target[name] as (...given: unknown[]) => unknown).bind(target),
  });

/** A region and its stream's consumer. */
export class Consumer {
  readonly regions = new Regions();
  readonly region: string;
  readonly events: ChangeEvent[] = [];
  followed = 0;
  #shown = 0;

  constructor(region: string = EU) {
    this.region = region;
  }

  get deps() {
    return this.regions.in(this.region);
  }

  /** A change as the stream shows it now. */
  record(change: RecordChange, recordKey = `key ${this.#shown + 1}`): StreamedRecord {
    this.#shown += 1;
    const position = String(this.#shown);
    return { position, recordKey, committedAtMs: this.regions.clock.now(), raw: { position }, change };
  }

  /** Handles a batch. */
  complete(
    records: readonly StreamedRecord[],
    { store = this.deps.store, ...options }: Partial<ChangesOptions> & { store?: Store } = {},
  ) {
    return completeChanges({ ...this.deps, store }, records, {
      deadlineMs: Number.POSITIVE_INFINITY,
      followDemand: async (changes) => {
        this.followed += changes.length;
      },
      report: (event) => this.events.push(event),
      ...options,
    });
  }
}
