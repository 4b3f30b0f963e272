import { TemplateError } from '../template/cloudformation.ts';

/** Tells whether one value of a record matches; `undefined`: the record has no such value. */
export type Matcher = (value: unknown) => boolean;

type Scalar = string | number | boolean | null;

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]` */
function compileNumeric(operand: unknown, path: string): Matcher {
  const terms = Array.isArray(operand) ? operand : [];
  const pairs = Array.from({ length: Math.ceil(terms.length / 2) }, (_, index) => {
    const compare = COMPARISONS[String(terms[2 * index])];
    const bound: unknown = terms[2 * index + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw new TemplateError(path, 'numeric takes comparisons and numbers in turn.');
    }
    return { compare, bound };
  });
  if (pairs.length === 0) throw new TemplateError(path, 'numeric takes comparisons and numbers in turn.');
  // DynamoDB's numbers are strings in a record, and Lambda does not compare those either.
  return (value) => typeof value === 'number' && pairs.every(({ compare, bound }) => compare(value, bound));
}

function compilePrefix(operand: unknown, path: string): Matcher {
  if (typeof operand !== 'string') throw new TemplateError(path, 'prefix takes a string.');
  return (value) => typeof value === 'string' && value.startsWith(operand);
}

function compileExists(operand: unknown, path: string): Matcher {
  if (typeof operand !== 'boolean') throw new TemplateError(path, 'exists takes true or false.');
  return (value) => (value !== undefined) === operand;
}

/** A value, a list of values, or `{"prefix": "…"}`; what is not there matches none of these, so not their opposite. */
function compileAnythingBut(operand: unknown, path: string): Matcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [[name, inner] = [], ...more] = Object.entries(operand);
    if (name !== 'prefix' || more.length > 0) {
      throw new TemplateError(path, 'anything-but takes values or a prefix.');
    }
    const matches = compilePrefix(inner, path);
    return (value) => value !== undefined && !matches(value);
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0 || !excluded.every(isScalar)) {
    throw new TemplateError(path, 'anything-but takes values or a prefix.');
  }
  return (value) => value !== undefined && !excluded.some((one) => one === value);
}

const OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => Matcher>> = {
  'anything-but': compileAnythingBut,
  exists: compileExists,
  numeric: compileNumeric,
  prefix: compilePrefix,
};

/**
 * Compiles one element of a pattern's list.
 *
 * @throws TemplateError for what is not known locally.
 */
export function compileMatcher(choice: unknown, path: string): Matcher {
  if (isScalar(choice)) return (value) => value === choice;
  const [[name = '', operand] = [], ...more] = Object.entries(choice as object);
  const compile = OPERATORS[name];
  if (Array.isArray(choice) || compile === undefined || more.length > 0) {
    throw new TemplateError(path, `${JSON.stringify(choice)} is not known locally.`);
  }
  return compile(operand, path);
}
