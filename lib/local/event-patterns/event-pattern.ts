import { TemplateError } from '../template/cloudformation.ts';
import { compileChoice } from './choices.ts';
import { elementsOf, fieldOf, hasValue, isObject } from './event-fields.ts';

/** A compiled pattern of a rule, or filter of an event source: tells whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

const OR = '$or';
/** Attributes of items nest 32 deep, and the record of a stream five more. */
const MAX_DEPTH = 40;
/** EventBridge's own bound for what the lists of `$or` multiply to. */
const MAX_COMBINATIONS = 1_000;

/** Tests what stands at its place, of the whole event. */
type Test = (value: unknown, event: unknown) => boolean;

/** What a pattern says about one field of the event. */
interface Demand {
  readonly names: readonly string[];
  readonly test: Test;
}

/** Where a part of a pattern stands: for error messages, and in the event. */
interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

/** A leaf of a pattern is a list of which one element must match; a list in the event matches by any element. */
function compileLeaf(choices: readonly unknown[], { path, names }: Place): Demand {
  if (choices.length === 0) throw new TemplateError(path, 'an empty list matches nothing.');
  const compiled = choices.map((choice, index) => compileChoice(choice, `${path}.${index}`));
  const matchers = compiled.flatMap((choice) => (choice.kind === 'value' ? [choice.matches] : []));
  const maybeAbsent = matchers.length < compiled.length;
  const test: Test = (value, event) => {
    // An object counts as absent: only what holds a value is a leaf.
    const values = elementsOf(value).filter((one) => one !== undefined && !isObject(one));
    if (values.some((one) => matchers.some((matches) => matches(one)))) return true;
    return maybeAbsent && !hasValue(event, names);
  };
  return { names, test };
}

/** The alternatives of `$or`, each of which says something about the same object. */
function expandOr(alternatives: unknown, { path, names }: Place): Demand[][] {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject)) {
    throw new TemplateError(path, `${OR} takes a list of at least two patterns.`);
  }
  return alternatives.flatMap((one, index) => expand(one, { path: `${path}.${index}`, names }));
}

/** The patterns without `$or` that a pattern stands for, each as what it demands of fields. */
function expand(pattern: unknown, { path, names }: Place): Demand[][] {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new TemplateError(path, 'a pattern holds objects, and lists of what may match.');
  }
  if (names.length > MAX_DEPTH) {
    throw new TemplateError(path, `a pattern is at most ${MAX_DEPTH} objects deep.`);
  }
  let combinations: Demand[][] = [[]];
  for (const [name, inner] of Object.entries(pattern)) {
    const place = { path: `${path}.${name}`, names: name === OR ? names : [...names, name] };
    const alternatives = expandField(name, inner, place);
    if (combinations.length * alternatives.length > MAX_COMBINATIONS) {
      throw new TemplateError(path, `${OR} makes more than ${MAX_COMBINATIONS} combinations.`);
    }
    combinations = combinations.flatMap((one) => alternatives.map((other) => [...one, ...other]));
  }
  return combinations;
}

function expandField(name: string, inner: unknown, place: Place): Demand[][] {
  if (name === OR) return expandOr(inner, place);
  return Array.isArray(inner) ? [[compileLeaf(inner, place)]] : expand(inner, place);
}

/** Tests an object for all demands on its fields, given how many names lead to it. */
function testObject(demands: readonly Demand[], depth: number): Test {
  const tests = [...Map.groupBy(demands, ({ names }) => names[depth] ?? '')].map(([name, own]): Test => {
    const leaves = own.filter(({ names }) => names.length === depth + 1).map(({ test }) => test);
    const deeper = own.filter(({ names }) => names.length > depth + 1);
    if (deeper.length > 0) leaves.push(testElements(testObject(deeper, depth + 1)));
    return (value, event) => leaves.every((test) => test(fieldOf(value, name), event));
  });
  return (value, event) => tests.every((test) => test(value, event));
}

/** Where the event has a list of objects, one of them must pass in all of its fields. */
function testElements(test: Test): Test {
  return (value, event) => {
    const objects = elementsOf(value).filter(isObject);
    return objects.length === 0 ? test(undefined, event) : objects.some((one) => test(one, event));
  };
}

/**
 * Compiles a pattern as EventBridge and Lambda's event sources know it: lists of exact values, `prefix`, `suffix`,
 * `anything-but`, `numeric`, `exists`, `wildcard`, `equals-ignore-case` and `cidr`, in nested objects, with `$or`.
 * Numbers match by value and strings by character; DynamoDB's numbers are strings in a record of its stream.
 *
 * @param path where the pattern stands, for the error message.
 * @throws TemplateError for what AWS refuses.
 */
export function compilePattern(pattern: unknown, path: string): EventPattern {
  const tests = expand(pattern, { path, names: [] }).map((demands) => testObject(demands, 0));
  return (event) => tests.some((test) => test(event, event));
}
