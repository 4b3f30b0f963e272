import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ExpressionPath, MutableItem } from './expression-path.ts';
import { removeAt, setAt, valueAt } from './expression-path.ts';
import type { Item } from './item-size.ts';

/** The part of an update that says what changes, as it is on the wire. */
export interface Update {
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

const CLAUSE = /^(?:SET|REMOVE|ADD|DELETE)$/i;
const SETS = ['SS', 'NS', 'BS'] as const;

/** Reads one update expression and changes a copy of the item as it says. */
class UpdateExpression {
  readonly #tokens: readonly string[];
  readonly #update: Update;
  readonly #before: Item;
  readonly #after: MutableItem;
  #position = 0;

  constructor(update: Update, before: Item) {
    this.#update = update;
    this.#before = before;
    this.#after = structuredClone(before) as MutableItem;
    this.#tokens = update.UpdateExpression?.match(/[:#]?\w+|[^\s\w]/g) ?? [];
  }

  apply(): Item {
    while (this.#position < this.#tokens.length) {
      const clause = this.#next().toUpperCase();
      do this.#action(clause);
      while (this.#accept(','));
    }
    return this.#after;
  }

  #action(clause: string): void {
    const path = this.#path();
    switch (clause) {
      case 'SET':
        this.#expect('=');
        setAt(this.#after, path, this.#sum());
        break;
      case 'REMOVE':
        removeAt(this.#after, path);
        break;
      case 'ADD':
        this.#add(path, this.#operand());
        break;
      case 'DELETE':
        this.#delete(path, this.#operand());
        break;
      default:
        throw new Error(`${clause} is no clause of an update expression.`);
    }
  }

  #sum(): AttributeValue {
    let total = this.#operand();
    for (;;) {
      const sign = this.#accept('+') ? 1 : this.#accept('-') ? -1 : 0;
      if (sign === 0) return total;
      total = { N: String(Number(total.N) + sign * Number(this.#operand().N)) };
    }
  }

  #operand(): AttributeValue {
    const token = this.#peek();
    if (token.startsWith(':')) return this.#placeholder(this.#next());
    if (this.#tokens[this.#position + 1] !== '(') return this.#present(valueAt(this.#before, this.#path()));
    this.#position += 2;
    if (token === 'list_append') {
      const first = this.#operand();
      this.#expect(',');
      const second = this.#operand();
      this.#expect(')');
      return { L: [...(first.L ?? []), ...(second.L ?? [])] };
    }
    if (token !== 'if_not_exists') throw new Error(`${token} is no function of an update expression.`);
    const existing = valueAt(this.#before, this.#path());
    this.#expect(',');
    const fallback = this.#operand();
    this.#expect(')');
    return existing ?? fallback;
  }

  #add(path: ExpressionPath, value: AttributeValue): void {
    const existing = valueAt(this.#before, path);
    if (value.N !== undefined) {
      setAt(this.#after, path, { N: String(Number(existing?.N ?? 0) + Number(value.N)) });
      return;
    }
    for (const type of SETS) {
      if (value[type] === undefined) continue;
      const elements = [
        ...new Set([...((existing?.[type] ?? []) as string[]), ...(value[type] as string[])]),
      ];
      setAt(this.#after, path, { [type]: elements } as unknown as AttributeValue);
    }
  }

  #delete(path: ExpressionPath, value: AttributeValue): void {
    const existing = valueAt(this.#before, path);
    for (const type of SETS) {
      if (existing?.[type] === undefined) continue;
      const gone = new Set((value[type] ?? []) as string[]);
      const left = (existing[type] as string[]).filter((element) => !gone.has(element));
      if (left.length === 0) removeAt(this.#after, path);
      else setAt(this.#after, path, { [type]: left } as unknown as AttributeValue);
    }
  }

  #path(): ExpressionPath {
    const path: (string | number)[] = [this.#name(this.#next())];
    for (;;) {
      if (this.#accept('.')) path.push(this.#name(this.#next()));
      else if (this.#accept('[')) {
        path.push(Number(this.#next()));
        this.#expect(']');
      } else return path;
    }
  }

  #name(token: string): string {
    return token.startsWith('#') ? (this.#update.ExpressionAttributeNames?.[token] ?? token) : token;
  }

  #placeholder(token: string): AttributeValue {
    return this.#present(this.#update.ExpressionAttributeValues?.[token]);
  }

  #present(value: AttributeValue | undefined): AttributeValue {
    if (value === undefined) throw new Error('The expression uses a value that is not there.');
    return structuredClone(value);
  }

  #peek(): string {
    return this.#tokens[this.#position] ?? '';
  }

  #next(): string {
    this.#position += 1;
    return this.#tokens[this.#position - 1] ?? '';
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#position += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw new Error(`${token} is missing in ${this.#update.UpdateExpression}.`);
  }
}

/**
 * The item as an update leaves it.
 *
 * @param before the item, or the attributes of its key when there is none yet.
 * @returns `undefined` when the expression cannot be followed; the item must be read then.
 */
export function applyUpdate(update: Update, before: Item): Item | undefined {
  if (!CLAUSE.test(update.UpdateExpression?.trim().split(/\s/, 1)[0] ?? '')) return undefined;
  try {
    return new UpdateExpression(update, before).apply();
  } catch {
    return undefined;
  }
}
