import type { Readable } from 'node:stream';
import { type FileRecord, RECORD_CHARACTERS_MAX } from './record.ts';

function recordOf(text: string, line: number): FileRecord {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { line, fields: value as Readonly<Record<string, unknown>> };
    }
    return { line, problem: 'is no JSON object' };
  } catch {
    return { line, problem: 'is no JSON' };
  }
}

/** Cuts text into lines. What is too long to be a record is dropped as it comes, up to the end of its line. */
class LineCutter {
  #rest = '';
  #tooLong = false;
  #line = 0;

  /** The records that end in this piece of text. */
  *cut(piece: string): Generator<FileRecord> {
    const parts = piece.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#append(part);
      yield* this.end();
    }
    this.#append(last);
  }

  /** The record that is open, and its end. */
  *end(): Generator<FileRecord> {
    this.#line += 1;
    const text = this.#rest.trim();
    const tooLong = this.#tooLong;
    this.#rest = '';
    this.#tooLong = false;
    if (tooLong) {
      yield { line: this.#line, problem: `is longer than ${RECORD_CHARACTERS_MAX} characters` };
    } else if (text !== '') {
      yield recordOf(text, this.#line);
    }
  }

  #append(part: string): void {
    this.#rest += part;
    if (this.#rest.length <= RECORD_CHARACTERS_MAX) return;
    this.#tooLong = true;
    this.#rest = '';
  }
}

/** Reads a JSON object from each line. */
export async function* readJsonLines(text: Readable): AsyncGenerator<FileRecord> {
  const cutter = new LineCutter();
  text.setEncoding('utf8');
  for await (const piece of text) yield* cutter.cut(String(piece));
  yield* cutter.end();
}
