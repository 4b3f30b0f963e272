import { Readable } from 'node:stream';
import type { Format, RecordSource } from '../../../lib/migrate/read-records.ts';

/** A source that pipes text in, in pieces of a few characters. */
export function textSource(format: Format, text: string, piece = 7): RecordSource {
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${piece}}`, 'g')) ?? [];
  return { file: '-', format, stdin: Readable.from(pieces.map((part) => Buffer.from(part))) };
}

export const jsonLines = (...records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

export async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
