import { visit } from 'jsonc-parser';
import { BODY_DEPTH_MAX } from '../../lib/contracts/limits.ts';
import type { Failure } from '../../lib/contracts/problem-document.ts';
import { readNumber } from './number-literals.ts';

export interface ParsedJson {
  readonly value: unknown;
  /** Members that JSON allows and this API does not. */
  readonly failures: readonly Failure[];
}

/** What no API has a field for, and what programs that merge objects fall for. */
const FORBIDDEN_KEY = '__proto__';

/** What a character outside of strings does to the depth. */
const STEPS: ReadonlyMap<string | undefined, number> = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
]);

/** Where the string that begins at a quote ends. */
function endOfString(text: string, quote: number): number {
  let index = quote + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

/** Whether arrays and objects are nested too deeply for recursion. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length && depth <= BODY_DEPTH_MAX; index += 1) {
    if (text[index] === '"') index = endOfString(text, index);
    else depth += STEPS.get(text[index]) ?? 0;
  }
  return depth > BODY_DEPTH_MAX;
}

/** Keys that stand twice in one object, or that are forbidden. `JSON.parse` keeps the last and says nothing. */
function failingKeys(text: string): Failure[] {
  const failures: Failure[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectProperty: (key, _offset, _length, _line, _column, parentPath) => {
      const seen = open.at(-1);
      const fail = (message: string) => failures.push({ path: [...parentPath(), key].join('.'), message });
      if (key === FORBIDDEN_KEY) fail('is not allowed as a key');
      else if (seen?.has(key)) fail('is given twice');
      seen?.add(key);
    },
    onObjectEnd: () => {
      open.pop();
    },
  });
  return failures;
}

function revive(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === 'number' && context.source !== undefined
    ? readNumber(value, context.source)
    : value;
}

/**
 * Parses JSON, and keeps no surprise: numbers that JavaScript cannot hold become `InexactNumber`, keys that
 * are given twice or forbidden are reported.
 *
 * @returns `undefined` when the text is not JSON, or is nested too deeply
 */
export function parseStrictJson(text: string): ParsedJson | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
    return { value, failures: failingKeys(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
