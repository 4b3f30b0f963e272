import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { StackClock } from '../clock.ts';
import type { DeliveryStreamDefinition } from '../template/delivery-streams.ts';

/** Whoever tries something here waits for no minutes: an object is written at the latest after this, or with this much. */
const MAX_INTERVAL_MS = 1_000;
const MAX_SIZE_BYTES = 1_048_576;

/** Objects are put together here, so that nobody ever reads half of one. */
const INCOMING = '.incoming';
/** Digits of the counter in an object's name, so that names sort as they were written. */
const COUNTER_DIGITS = 8;

/** Counts the objects of all streams of this process. */
let objects = 0;

interface Buffered {
  readonly chunks: Buffer[];
  bytes: number;
}

export interface DeliveryStreamOptions {
  readonly definition: DeliveryStreamDefinition;
  /** Folder with one folder for each bucket. */
  readonly directory: string;
  readonly clock: StackClock;
  readonly onOutput: (line: string) => void;
}

/** A segment of a name that would lead elsewhere, or nowhere, in a file system. */
const safeSegment = (segment: string): string =>
  /^\.{1,2}$/.test(segment) ? '%2E' : segment.replaceAll('\0', '');

/** Collects records by the prefix of their object, and writes objects that never change. */
export class DeliveryStream {
  readonly #options: DeliveryStreamOptions;
  readonly #buffers = new Map<string, Buffered>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #buffered = 0;
  #written = 0;

  constructor(options: DeliveryStreamOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.definition.name;
  }

  /** Records that are in no object yet. */
  get buffered(): number {
    return this.#buffered;
  }

  /** Grows with each record that is in an object. */
  get written(): number {
    return this.#written;
  }

  put(record: Buffer): void {
    const { definition, clock } = this.#options;
    const { query, prefix, errorPrefix, delimiter } = definition;
    const atMs = clock.nowMs();
    const keys = query?.find(record.toString('utf8'));
    if (query !== undefined && keys === undefined) {
      this.#add(errorPrefix({ atMs, keys: {} }), failedRecord(record, atMs));
    } else {
      this.#add(prefix({ atMs, keys: keys ?? {} }), Buffer.concat([record, Buffer.from(delimiter)]));
    }
  }

  /** Resolves when everything that was put before is in objects, or reported as lost. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const prefix of [...this.#buffers.keys()]) this.#write(prefix);
    await this.#writing;
  }

  #add(prefix: string, chunk: Buffer): void {
    const { intervalMs, sizeBytes } = this.#options.definition;
    const buffer = this.#buffers.get(prefix) ?? { chunks: [], bytes: 0 };
    this.#buffers.set(prefix, buffer);
    buffer.chunks.push(chunk);
    buffer.bytes += chunk.length;
    this.#buffered += 1;
    if (buffer.bytes >= Math.min(sizeBytes, MAX_SIZE_BYTES)) this.#write(prefix);
    this.#timer ??= setTimeout(() => void this.flush(), Math.min(intervalMs, MAX_INTERVAL_MS));
  }

  #write(prefix: string): void {
    const { definition, onOutput } = this.#options;
    const { chunks } = this.#buffers.get(prefix) ?? { chunks: [] };
    this.#buffers.delete(prefix);
    const name = this.#objectName(prefix);
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#store(name, Buffer.concat(chunks));
      } catch (cause) {
        onOutput(`${definition.name} lost ${chunks.length} records for ${name}: ${cause}`);
      }
      this.#buffered -= chunks.length;
      this.#written += chunks.length;
    });
  }

  /** `<bucket>/<prefix><stream>-<time>-<counter>`, as Firehose has it; what stands behind a `/` is in a folder. */
  #objectName(prefix: string): string {
    const { definition, clock } = this.#options;
    const time = new Date(clock.nowMs()).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
    objects += 1;
    const counter = String(objects).padStart(COUNTER_DIGITS, '0');
    const suffix = definition.compresses ? '.gz' : '';
    const whole = `${prefix}${definition.name}-1-${time}-${counter}${suffix}`;
    return `${definition.bucket}/${whole.split('/').map(safeSegment).join('/')}`;
  }

  async #store(name: string, content: Buffer): Promise<void> {
    const { definition, directory } = this.#options;
    const incoming = path.join(directory, INCOMING, name.replaceAll('/', '_').slice(-100));
    const final = path.join(directory, name);
    await mkdir(path.dirname(incoming), { recursive: true });
    await mkdir(path.dirname(final), { recursive: true });
    await writeFile(incoming, definition.compresses ? gzipSync(content) : content);
    await rename(incoming, final);
  }
}

/** How Firehose keeps a record whose partition it does not find. */
function failedRecord(record: Buffer, atMs: number): Buffer {
  const kept = {
    attemptsMade: 1,
    arrivalTimestamp: atMs,
    errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
    errorMessage: 'The record is no JSON object, or lacks a field that its partition is named after.',
    rawData: record.toString('base64'),
  };
  return Buffer.from(`${JSON.stringify(kept)}\n`);
}
