import { TemplateError } from '../template/cloudformation.ts';

/** What the names of objects depend on. */
export interface ObjectFacts {
  /** When the record arrived, by the clock of the stack. */
  readonly atMs: number;
  /** What the stream's query has found in the record. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Begin of an object's name. */
export type ObjectPrefix = (facts: ObjectFacts) => string;

export interface PrefixContext {
  readonly path: string;
  /** Names that the stream's query finds. */
  readonly keyNames: ReadonlySet<string>;
  /** Value of `!{firehose:error-output-type}`, which only names of failed records have. */
  readonly errorType?: string;
}

const EXPRESSION = /!\{(?<namespace>[^:}]*):?(?<value>[^}]*)\}/g;
/** Firehose puts this behind a prefix that has no expression of its own. */
const DEFAULT_TIME = '!{timestamp:yyyy/MM/dd/HH}/';

/** Places of the parts in `2026-01-31T23:59:59.000Z`. */
const TIME_PARTS: Readonly<Record<string, readonly [number, number]>> = {
  yyyy: [0, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
};

function timePart(format: string, path: string): ObjectPrefix {
  const letters = format.match(/[A-Za-z]+/g) ?? [];
  const unknown = letters.find((part) => TIME_PARTS[part] === undefined);
  if (unknown !== undefined || letters.length === 0) {
    throw new TemplateError(
      path,
      `a timestamp is made of yyyy, MM, dd and HH here, not of ${unknown ?? 'nothing'}.`,
    );
  }
  return ({ atMs }) => {
    const text = new Date(atMs).toISOString();
    return format.replaceAll(/[A-Za-z]+/g, (part) => text.slice(...(TIME_PARTS[part] ?? [0, 0])));
  };
}

function keyPart(name: string, { path, keyNames }: PrefixContext): ObjectPrefix {
  if (!keyNames.has(name)) throw new TemplateError(path, `the query of the stream finds no ${name}.`);
  return ({ keys }) => keys[name] ?? '';
}

function compileExpression(namespace: string, value: string, context: PrefixContext): ObjectPrefix {
  const { path, errorType } = context;
  if (namespace === 'timestamp') return timePart(value, path);
  if (namespace === 'partitionKeyFromQuery') return keyPart(value, context);
  if (namespace === 'firehose' && value === 'error-output-type' && errorType !== undefined)
    return () => errorType;
  throw new TemplateError(path, `!{${namespace}:${value}} is not known locally.`);
}

/**
 * Compiles a prefix with `!{timestamp:…}` of yyyy, MM, dd and HH in UTC, and `!{partitionKeyFromQuery:…}`.
 *
 * @throws TemplateError for other expressions.
 */
export function compileObjectPrefix(text: string, context: PrefixContext): ObjectPrefix {
  const whole = text.includes('!{') ? text : `${text}${DEFAULT_TIME}`;
  const parts: ObjectPrefix[] = [];
  let end = 0;
  for (const match of whole.matchAll(EXPRESSION)) {
    const literal = whole.slice(end, match.index);
    const { namespace = '', value = '' } = match.groups ?? {};
    parts.push(() => literal, compileExpression(namespace, value, context));
    end = match.index + match[0].length;
  }
  const rest = whole.slice(end);
  if (rest.includes('!{')) throw new TemplateError(context.path, 'an expression has no end.');
  return (facts) => parts.map((part) => part(facts)).join('') + rest;
}
