/** How far a migration is, in a file: what is done is not done again after an interruption. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { UsageError } from '../../command-line/usage-error.ts';
import { NO_COUNTS, segmentCounts } from './segment-counts.ts';

const segmentState = z.object({
  done: z.boolean(),
  after: z.record(z.string(), z.unknown()).optional(),
  counts: segmentCounts,
});

/** Where a segment stands. */
export type SegmentState = z.infer<typeof segmentState>;

const content = z.object({
  /** What is migrated: a file of something else is not gone on with. */
  subject: z.string(),
  segments: z.record(z.string(), segmentState),
});

async function readContent(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`The checkpoint ${file} cannot be read; remove it to begin anew.`, { cause });
  }
}

/** The checkpoint of one migration. */
export class Checkpoint {
  /** `undefined`: nothing is kept. */
  readonly #file: string | undefined;
  readonly #subject: string;
  readonly #segments: Map<string, SegmentState>;
  #saved: Promise<void> = Promise.resolve();

  private constructor(file: string | undefined, subject: string, segments: Map<string, SegmentState>) {
    this.#file = file;
    this.#subject = subject;
    this.#segments = segments;
  }

  /** Of a run that only looks: nothing is kept, and nothing is gone on with. */
  static none(): Checkpoint {
    return new Checkpoint(undefined, '', new Map());
  }

  /** @throws UsageError for the file of another migration. */
  static async open(file: string, subject: string): Promise<Checkpoint> {
    const found = await readContent(file);
    if (found === undefined) return new Checkpoint(file, subject, new Map());
    const parsed = content.safeParse(found);
    if (!parsed.success || parsed.data.subject !== subject) {
      const of = parsed.success ? parsed.data.subject : 'something else';
      throw new UsageError(
        `The checkpoint ${file} is of ${of}, not of ${subject}: end that first, name another file, or remove it.`,
      );
    }
    return new Checkpoint(file, subject, new Map(Object.entries(parsed.data.segments)));
  }

  /** Where a segment of a region stands. */
  at(region: string, segment: number): SegmentState {
    return this.#segments.get(`${region}/${segment}`) ?? { done: false, counts: NO_COUNTS };
  }

  /** Notes where a segment stands; resolves when that is on disk. */
  async note(
    place: { readonly region: string; readonly segment: number },
    state: SegmentState,
  ): Promise<void> {
    this.#segments.set(`${place.region}/${place.segment}`, state);
    this.#saved = this.#saved.then(() => this.#save());
    await this.#saved;
  }

  /** Writes beside it and renames, so that a file is whole or not there. */
  async #save(): Promise<void> {
    const text = JSON.stringify({ subject: this.#subject, segments: Object.fromEntries(this.#segments) });
    if (this.#file === undefined) return;
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, text);
    await rename(`${this.#file}.new`, this.#file);
  }

  /** What has ended needs no file, and the next migration begins at the beginning. */
  async remove(): Promise<void> {
    await this.#saved;
    if (this.#file !== undefined) await rm(this.#file, { force: true });
  }
}
