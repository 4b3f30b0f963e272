/** Computes the metric math of CloudWatch, as far as our alarms use it: numbers, + - * /, comparisons, AND, IF, FILL. */

/** Values by the ids of their metrics; absent: the metric has no value. */
export type MetricValues = Readonly<Record<string, number | undefined>>;

type Value = number | undefined;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(>=|<=|[><+\-*/(),]))/y;

/** From loose to tight. */
const LEVELS: readonly (readonly string[])[] = [['AND'], ['>=', '<=', '>', '<'], ['+', '-'], ['*', '/']];

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  AND: (left, right) => Number(left !== 0 && right !== 0),
  '>=': (left, right) => Number(left >= right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '<': (left, right) => Number(left < right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const FUNCTIONS: Readonly<Record<string, (...values: Value[]) => Value>> = {
  FILL: (value, fallback) => value ?? fallback,
  IF: (condition, yes, no) => (condition === undefined ? undefined : condition === 0 ? no : yes),
};

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const match = TOKEN.exec(expression);
    if (match === null) throw new Error(`This is not metric math: ${expression}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

class Reader {
  readonly #tokens: string[];
  readonly #values: MetricValues;

  constructor(expression: string, values: MetricValues) {
    this.#tokens = tokensOf(expression);
    this.#values = values;
  }

  whole(): Value {
    const value = this.#level(0);
    if (this.#tokens.length > 0) throw new Error(`Nobody expected ${this.#tokens[0]}`);
    return value;
  }

  #level(level: number): Value {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#atom();
    let left = this.#level(level + 1);
    while (operators.includes(this.#tokens[0] ?? '')) {
      const operation = OPERATIONS[this.#tokens.shift() ?? ''];
      const right = this.#level(level + 1);
      left = left === undefined || right === undefined ? undefined : operation?.(left, right);
    }
    return left;
  }

  #atom(): Value {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') return this.#list()[0];
    if (/^\d/.test(token)) return Number(token);
    const named = FUNCTIONS[token];
    if (named !== undefined && this.#tokens.shift() === '(') return named(...this.#list());
    if (!(token in this.#values)) throw new Error(`There is no metric ${token}`);
    return this.#values[token];
  }

  #list(): Value[] {
    const values = [this.#level(0)];
    while (this.#tokens.shift() === ',') values.push(this.#level(0));
    return values;
  }
}

/** @returns `undefined` where CloudWatch has no value to show. */
export const compute = (expression: string, values: MetricValues): number | undefined =>
  new Reader(expression, values).whole();
