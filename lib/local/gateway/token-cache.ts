import type { AuthorizerDefinition } from '../template/authorizers.ts';
import type { AuthorizerAnswer } from './authorizer-answer.ts';

/** Answers remembered at once; the oldest is forgotten first. */
const ANSWERS_MAX = 10_000;

interface Remembered {
  readonly answer: AuthorizerAnswer;
  readonly untilMs: number;
}

/** Remembers what authorizers said, by token, for as long as each wants it. */
export class TokenCache {
  readonly #answers = new Map<string, Remembered>();

  find({ id }: AuthorizerDefinition, token: string, nowMs: number): AuthorizerAnswer | undefined {
    const found = this.#answers.get(`${id} ${token}`);
    return found !== undefined && nowMs < found.untilMs ? found.answer : undefined;
  }

  remember(
    { id, ttlSeconds }: AuthorizerDefinition,
    token: string,
    found: Omit<Remembered, 'untilMs'> & { readonly nowMs: number },
  ): void {
    const name = `${id} ${token}`;
    this.#answers.delete(name);
    this.#answers.set(name, { answer: found.answer, untilMs: found.nowMs + ttlSeconds * 1_000 });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > ANSWERS_MAX && oldest !== undefined) this.#answers.delete(oldest);
  }
}
