import { TemplateError } from '../template/cloudformation.ts';
import { compileMatcher, type Matcher } from './filter-matchers.ts';

/** A compiled filter of an event source mapping. */
export type FilterPattern = (record: unknown) => boolean;

/** Lambda's own bound. */
const MAX_FILTERS = 10;
/** Attributes of items nest 32 deep, and the record five more. */
const MAX_DEPTH = 40;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A leaf of a pattern is a list of which one element must match; a list in the record matches by any element. */
function compileLeaf(choices: readonly unknown[], path: string): FilterPattern {
  if (choices.length === 0) throw new TemplateError(path, 'an empty list matches nothing.');
  const matchers = choices.map((choice, index): Matcher => compileMatcher(choice, `${path}.${index}`));
  return (value) => {
    // Only values can match: an object counts as absent.
    const leaf = isObject(value) ? undefined : value;
    const candidates = Array.isArray(leaf) && leaf.length > 0 ? leaf : [leaf];
    return candidates.some((candidate) => matchers.some((matches) => matches(candidate)));
  };
}

function compileObject(pattern: unknown, path: string, depth: number): FilterPattern {
  if (Array.isArray(pattern)) return compileLeaf(pattern, path);
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new TemplateError(path, 'a pattern holds objects, and lists of what may match.');
  }
  if (depth > MAX_DEPTH) throw new TemplateError(path, `a pattern is at most ${MAX_DEPTH} objects deep.`);
  const parts = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) throw new TemplateError(`${path}.${name}`, 'is not known locally.');
    return { name, matches: compileObject(inner, `${path}.${name}`, depth + 1) };
  });
  return (value) =>
    parts.every(({ name, matches }) => {
      const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      return matches(found);
    });
}

function parse(text: string | undefined, path: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new TemplateError(path, 'the pattern is not JSON.');
  }
}

/**
 * Compiles the filters of an event source mapping: exact values, `prefix`, `exists`, `anything-but` and `numeric`,
 * in nested objects whose lists mean "one of these".
 *
 * @throws TemplateError for everything else.
 */
export function compileFilters(
  filters: readonly { readonly Pattern?: string }[],
  path: string,
): readonly FilterPattern[] {
  if (filters.length > MAX_FILTERS)
    throw new TemplateError(path, `there are at most ${MAX_FILTERS} filters.`);
  return filters.map(({ Pattern }, index) => {
    const at = `${path}.Filters.${index}.Pattern`;
    return compileObject(parse(Pattern, at), at, 0);
  });
}
