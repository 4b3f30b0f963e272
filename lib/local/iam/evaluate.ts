/**
 * Evaluates policies of IAM, as far as the policies of the service go: effects, actions and resources with wildcards,
 * and conditions on keys that have many values. DynamoDB Local knows no permissions, so without this a mistake would
 * be found in an account, or never.
 */
import type { Statement } from './policy.ts';

/** One thing that somebody wants to do. */
export interface AccessRequest {
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, such as `dynamodb:LeadingKeys`. A key that the request does not have is absent, or empty. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** What makes a text a pattern, or a variable. */
const PATTERN = /[*?$]/;

/** Whether a piece of a pattern without stars stands in a text at a place. */
const standsAt = (piece: string, text: string, at: number): boolean =>
  at + piece.length <= text.length &&
  piece.split('').every((character, index) => character === '?' || character === text[at + index]);

function placeOf(piece: string, text: string, from: number): number | undefined {
  for (let at = from; at + piece.length <= text.length; at += 1) if (standsAt(piece, text, at)) return at;
  return undefined;
}

/**
 * Whether a text fits a pattern: `*` is any text, `?` any character. Each piece between stars is taken where it first
 * stands, so the time grows with both lengths multiplied, whatever the pattern.
 *
 * @throws an Error for a variable, which no policy of the service has.
 */
export function fits(pattern: string, text: string): boolean {
  // Most patterns are none, and every call of a function is judged by some.
  if (!PATTERN.test(pattern)) return pattern === text;
  if (pattern.includes('$')) throw new Error(`Variables of policies are not evaluated: ${pattern}`);
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return first.length === text.length && standsAt(first, text, 0);
  if (!standsAt(first, text, 0)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = placeOf(piece, text, at);
    if (found === undefined) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && standsAt(last, text, text.length - last.length);
}

/** Actions have no case. */
const namesAction = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => pattern === action || fits(pattern.toLowerCase(), action.toLowerCase()));

const fitsAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => fits(pattern, text));

type Operator = (values: readonly string[], wanted: readonly string[]) => boolean;

/** Holds of no values at all, as AWS says: that there are some is a condition of its own. */
const forAll =
  (holds: (value: string, wanted: readonly string[]) => boolean): Operator =>
  (values, wanted) =>
    values.every((value) => holds(value, wanted));

const OPERATORS: Readonly<Record<string, Operator>> = {
  'ForAllValues:StringLike': forAll((value, wanted) => fitsAny(wanted, value)),
  'ForAllValues:StringNotLike': forAll((value, wanted) => !fitsAny(wanted, value)),
  'ForAllValues:StringEquals': forAll((value, wanted) => wanted.includes(value)),
  /** `true`: the request must not have the key; `false`: it must. */
  Null: (values, wanted) => wanted.includes(String(values.length === 0)),
};

function meets({ Condition }: Statement, { context }: AccessRequest): boolean {
  return Object.entries(Condition).every(([name, keys]) => {
    const operator = OPERATORS[name];
    if (operator === undefined) throw new Error(`Conditions of kind ${name} are not evaluated here.`);
    return Object.entries(keys).every(([key, wanted]) => operator(context[key] ?? [], wanted));
  });
}

const applies = (statement: Statement, request: AccessRequest): boolean =>
  namesAction(statement.Action, request.action) &&
  fitsAny(statement.Resource, request.resource) &&
  meets(statement, request);

/** What one policy says: denied beats allowed, and what nobody allows is not allowed. */
function allows(statements: readonly Statement[], request: AccessRequest): boolean {
  const effects = statements.filter((each) => applies(each, request)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/**
 * Whether all policies allow a request: of a role its own policy, of a session the role's and its own.
 *
 * @throws an Error for a condition that is not evaluated here.
 */
export const isAllowed = (policies: readonly (readonly Statement[])[], request: AccessRequest): boolean =>
  policies.every((statements) => allows(statements, request));
