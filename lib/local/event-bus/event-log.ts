import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { BusEvent } from './bus-event.ts';

/** A thousand checkouts make some thousands of events of a kilobyte; these take a few hundred megabytes. */
const MAX_EVENTS = 200_000;
/** Answers stay small enough to be read at a glance. */
const MAX_ITEMS = 1_000;
/** What was dropped is taken out of memory in batches, because that moves all the rest. */
const COMPACT_AFTER = 10_000;

const FILE = 'events.jsonl';

/** An event in the order of its arrival. */
export interface LoggedEvent {
  /** From 1, without gaps, over all regions. */
  readonly sequence: number;
  readonly id: string;
  readonly region: string;
  readonly detailType: string;
  readonly source: string;
  /** Time of arrival by the clock of the stack. */
  readonly at: string;
  readonly detail: object;
}

export interface LogQuery {
  /** Events up to this sequence are passed over. */
  readonly after: number;
  readonly detailType?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** An answer to a query. */
export interface LogPage {
  readonly items: readonly LoggedEvent[];
  /** The last sequence that was looked at: where to go on. */
  readonly next: number;
  /** Events behind `after` that are not kept any more. */
  readonly dropped: number;
}

/** Everything that was put on a bus of any region: the newest 200,000, and in a data directory over a restart. */
export class EventLog {
  #events: LoggedEvent[] = [];
  /** Index of the oldest event that is kept. */
  #first = 0;
  #last = 0;
  #lines: string[] = [];
  #file: FileHandle | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** Opens the log that the data directory keeps. @default in memory */
  static async open(dataDir: string | undefined): Promise<EventLog> {
    const log = new EventLog();
    if (dataDir === undefined) return log;
    const file = path.join(dataDir, FILE);
    for await (const event of readLines(file)) log.#take(event);
    const kept = log.#events.slice(log.#first).map((event) => `${JSON.stringify(event)}\n`);
    // Whole or not at all: the numbering must not be lost with a process that dies here.
    const fresh = `${file}.${randomUUID()}`;
    await writeFile(fresh, kept, { mode: 0o600 });
    await rename(fresh, file);
    log.#file = await open(file, 'a');
    return log;
  }

  /** Sequence of the newest event; 0: there was none. */
  get last(): number {
    return this.#last;
  }

  append(region: string, event: BusEvent, atMs: number): void {
    const logged: LoggedEvent = {
      sequence: this.#last + 1,
      id: event.id,
      region,
      detailType: event['detail-type'],
      source: event.source,
      at: new Date(atMs).toISOString(),
      detail: event.detail,
    };
    this.#take(logged);
    if (this.#file !== undefined) this.#write(`${JSON.stringify(logged)}\n`);
  }

  read({ after, detailType, tenantId }: LogQuery): LogPage {
    const oldest = this.#events[this.#first]?.sequence ?? this.#last + 1;
    const items: LoggedEvent[] = [];
    let next = Math.max(after, oldest - 1);
    for (let index = this.#first + next - oldest + 1; index < this.#events.length; index++) {
      const event = this.#events[index];
      if (event === undefined || items.length === MAX_ITEMS) break;
      next = event.sequence;
      if (detailType !== undefined && event.detailType !== detailType) continue;
      if (tenantId !== undefined && (event.detail as { tenantId?: unknown }).tenantId !== tenantId) continue;
      items.push(event);
    }
    return { items, next, dropped: Math.max(0, oldest - 1 - after) };
  }

  /** Resolves when everything is in the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #take(event: LoggedEvent): void {
    this.#events.push(event);
    this.#last = event.sequence;
    if (this.#events.length - this.#first > MAX_EVENTS) this.#first += 1;
    if (this.#first < COMPACT_AFTER) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }

  /** Lines that come while others are written go together in the next write. */
  #write(line: string): void {
    if (this.#lines.push(line) > 1) return;
    this.#writing = this.#writing.then(async () => {
      const text = this.#lines.splice(0).join('');
      await this.#file?.appendFile(text);
    });
  }
}

/** The events of a file. A run that broke off may have left half a line at its end. */
async function* readLines(file: string): AsyncGenerator<LoggedEvent> {
  const stream = createReadStream(file, 'utf8');
  const opened = new Promise<boolean>((resolve) => {
    stream.once('open', () => resolve(true));
    stream.once('error', () => resolve(false));
  });
  if (!(await opened)) return;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    try {
      yield JSON.parse(line) as LoggedEvent;
    } catch {
      return;
    }
  }
}
