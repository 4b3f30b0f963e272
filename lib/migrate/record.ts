/** Characters of a record: twice what the API takes. A quote that is never closed makes the rest of a file one record. */
export const RECORD_CHARACTERS_MAX = 131_072;

/** One record of a file, or why it is none. `line`: where it ends in the file, from 1. */
export type FileRecord = { readonly line: number } & (
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly problem: string }
);
