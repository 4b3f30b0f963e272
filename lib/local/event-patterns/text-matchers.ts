import { TemplateError } from '../template/cloudformation.ts';
import { isObject } from './event-fields.ts';

/** Tells whether one value of an event matches. It is a string, a number, a boolean or null. */
export type Matcher = (value: unknown) => boolean;

/** Compiles the operand of an operator, or throws a TemplateError with the path. */
export type Compile = (operand: unknown, path: string) => Matcher;

const IGNORE_CASE = 'equals-ignore-case';

type Compare = (value: string, operand: string) => boolean;

function textMatcher(operand: unknown, compare: Compare): Matcher | undefined {
  if (typeof operand !== 'string') return undefined;
  return (value) => typeof value === 'string' && compare(value, operand);
}

const ignoringCase =
  (compare: Compare): Compare =>
  (value, operand) =>
    compare(value.toLowerCase(), operand.toLowerCase());

/** A string, or `{"equals-ignore-case": "…"}` around it. */
function affix(name: string, compare: Compare): Compile {
  return (operand, path) => {
    const isWrapped = isObject(operand) && Object.keys(operand).join() === IGNORE_CASE;
    const matcher = isWrapped
      ? textMatcher(operand[IGNORE_CASE], ignoringCase(compare))
      : textMatcher(operand, compare);
    if (matcher !== undefined) return matcher;
    throw new TemplateError(path, `${name} takes a string, or ${IGNORE_CASE} of one.`);
  };
}

export const compilePrefix = affix('prefix', (value, prefix) => value.startsWith(prefix));
export const compileSuffix = affix('suffix', (value, suffix) => value.endsWith(suffix));

export const compileIgnoreCase: Compile = (operand, path) => {
  const matcher = textMatcher(
    operand,
    ignoringCase((value, other) => value === other),
  );
  if (matcher !== undefined) return matcher;
  throw new TemplateError(path, `${IGNORE_CASE} takes a string.`);
};

/** A star, an escaped character, or what stands between those. */
const WILDCARD_TOKEN = /\*|\\[\s\S]?|[^*\\]+/g;

/** The character that a token stands for, or the text that it is. */
function literalOf(token: string, path: string): string {
  if (!token.startsWith('\\')) return token;
  if (token === '\\*' || token === '\\\\') return token.slice(1);
  throw new TemplateError(path, 'a backslash of a wildcard stands before * or another backslash.');
}

/** The literal parts between the `*` of a wildcard. */
function wildcardParts(text: string, path: string): string[] {
  const parts: string[] = [];
  let part = '';
  let before = '';
  for (const [token] of text.matchAll(WILDCARD_TOKEN)) {
    if (token === '*' && before === '*') throw new TemplateError(path, 'a wildcard has no two * in a row.');
    before = token;
    if (token !== '*') {
      part += literalOf(token, path);
      continue;
    }
    parts.push(part);
    part = '';
  }
  return [...parts, part];
}

/** True when the parts follow each other in the text, with anything between them. */
function followEachOther(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    // The first place is the best one: it leaves most to the parts that follow.
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

export const compileWildcard: Compile = (operand, path) => {
  if (typeof operand !== 'string') throw new TemplateError(path, 'wildcard takes a string.');
  const parts = wildcardParts(operand, path);
  return (value) => typeof value === 'string' && followEachOther(value, parts);
};
