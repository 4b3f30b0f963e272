import { TemplateError } from '../template/cloudformation.ts';
import { isObject } from './event-fields.ts';
import { compileCidr, compileNumeric } from './number-matchers.ts';
import {
  type Compile,
  compileIgnoreCase,
  compilePrefix,
  compileSuffix,
  compileWildcard,
  type Matcher,
} from './text-matchers.ts';

/** One element of a pattern's list. */
export type Choice =
  /** Matches a value of the event. */
  | { readonly kind: 'value'; readonly matches: Matcher }
  /** `{"exists": false}`: matches when the event has no value there at all. */
  | { readonly kind: 'absence' };

type Scalar = string | number | boolean | null;

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** What `anything-but` turns round, besides values; each takes one operand or a list of them. */
const TURNED: Readonly<Record<string, Compile>> = {
  'equals-ignore-case': compileIgnoreCase,
  prefix: compilePrefix,
  suffix: compileSuffix,
  wildcard: compileWildcard,
};

const OPERATORS: Readonly<Record<string, Compile>> = {
  'anything-but': compileAnythingBut,
  cidr: compileCidr,
  'equals-ignore-case': compileIgnoreCase,
  numeric: compileNumeric,
  prefix: compilePrefix,
  suffix: compileSuffix,
  wildcard: compileWildcard,
};

/** The only operator of an object: its name and its operand. */
function operatorOf(value: unknown): readonly [string, unknown] | undefined {
  const [operator, ...more] = isObject(value) ? Object.entries(value) : [];
  return more.length > 0 ? undefined : operator;
}

function compileExcluded(operand: unknown, path: string): Matcher[] {
  const [name = '', inner] = operatorOf(operand) ?? [];
  const compile = TURNED[name];
  if (compile !== undefined) {
    // Of an empty text everything begins, and nothing would be left to match.
    return list(inner, path).map((one) => {
      if (one === '') throw new TemplateError(path, 'anything-but takes no empty text here.');
      return compile(one, path);
    });
  }
  const values = list(operand, path);
  const [first] = values;
  const isAlike = values.every((value) => typeof value === typeof first);
  if (!isAlike || (typeof first !== 'string' && typeof first !== 'number')) {
    throw new TemplateError(path, 'anything-but takes strings, numbers, or one of its operators.');
  }
  return values.map((excluded) => (value) => value === excluded);
}

function list(operand: unknown, path: string): readonly unknown[] {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw new TemplateError(path, 'an empty list excludes nothing.');
  return values;
}

function compileAnythingBut(operand: unknown, path: string): Matcher {
  const excluded = compileExcluded(operand, path);
  return (value) => !excluded.some((matches) => matches(value));
}

/**
 * Compiles one element of a pattern's list.
 *
 * @throws TemplateError for what EventBridge refuses, and for what is not known locally.
 */
export function compileChoice(choice: unknown, path: string): Choice {
  if (isScalar(choice)) return { kind: 'value', matches: (value) => value === choice };
  const [name = '', operand] = operatorOf(choice) ?? [];
  if (name === 'exists') {
    if (typeof operand !== 'boolean') throw new TemplateError(path, 'exists takes true or false.');
    return operand ? { kind: 'value', matches: () => true } : { kind: 'absence' };
  }
  const compile = OPERATORS[name];
  if (compile !== undefined) return { kind: 'value', matches: compile(operand, path) };
  throw new TemplateError(path, `${JSON.stringify(choice)} is not known locally.`);
}
