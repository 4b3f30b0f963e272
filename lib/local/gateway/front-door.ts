import type { IncomingMessage } from 'node:http';
import type { StackClock } from '../clock.ts';
import type { Outcome } from '../environments/environment.ts';
import type { AuthorizerDefinition } from '../template/authorizers.ts';
import type { FunctionDefinition } from '../template/functions.ts';
import type { ApiDefinition, ApiRoute } from '../template/rest-api.ts';
import type { GatewayKey } from '../template/usage-plans.ts';
import type { AuthorizerAnswer } from './authorizer-answer.ts';
import { contextOf, isAllowed, parseAnswer } from './authorizer-answer.ts';
import type { GatewayErrorType } from './gateway-error.ts';
import { PlanThrottles } from './plan-throttle.ts';
import { TokenCache } from './token-cache.ts';

/** What a request has got on its way to the function. */
export interface Passage {
  /** What the authorizer says of the caller; `null`: nobody was asked. */
  readonly authorizer: Readonly<Record<string, string>> | null;
  /** The key of the usage plan that the request counts for. */
  readonly key: GatewayKey | undefined;
}

/** A request in front of the function that serves its route. */
interface Visit {
  readonly incoming: IncomingMessage;
  readonly path: string;
  readonly route: ApiRoute;
}

export interface FrontDoorOptions {
  readonly api: ApiDefinition;
  readonly clock: StackClock;
  /** Asks the function of an authorizer; never rejects. */
  readonly ask: (target: FunctionDefinition, event: object) => Promise<Outcome>;
}

/** The message of the error by which an authorizer says that a token is nobody's. */
export const REFUSAL = 'Unauthorized';

/** With several values of a header the authorizer is given the last, as the function is in its single-value form. */
function lastValue({ rawHeaders }: IncomingMessage, header: string): string | undefined {
  const values = rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === header,
  );
  return values.at(-1);
}

/** What API Gateway does before it calls a function: authorizers and usage plans, as the template says. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #cache = new TokenCache();
  readonly #throttles = new PlanThrottles();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** @returns the passage, or why there is none */
  async admit(visit: Visit): Promise<Passage | GatewayErrorType> {
    const { authorizer } = visit.route;
    if (authorizer === undefined) return { authorizer: null, key: undefined };
    const methodArn = `${this.#options.api.stageArn}/${visit.incoming.method}${visit.path}`;
    const answer = await this.#authorize(authorizer, visit, methodArn);
    if (typeof answer === 'string') return answer;
    if (!isAllowed(answer, methodArn)) return 'ACCESS_DENIED';
    const passage = { authorizer: contextOf(answer), key: undefined };
    return visit.route.needsKey ? this.#count(passage, answer) : passage;
  }

  async #authorize(
    authorizer: AuthorizerDefinition,
    { incoming }: Visit,
    methodArn: string,
  ): Promise<AuthorizerAnswer | GatewayErrorType> {
    const { clock, ask } = this.#options;
    const token = lastValue(incoming, authorizer.header);
    if (!token || authorizer.validation?.test(token) === false) return 'UNAUTHORIZED';
    const known = this.#cache.find(authorizer, token, clock.nowMs());
    if (known !== undefined) return known;
    const outcome = await ask(authorizer.target, { type: 'TOKEN', authorizationToken: token, methodArn });
    if (outcome.kind === 'failed' && outcome.error.errorMessage === REFUSAL) return 'UNAUTHORIZED';
    if (outcome.kind !== 'result') return 'AUTHORIZER_FAILURE';
    const answer = parseAnswer(outcome.value);
    if (answer === undefined) return 'AUTHORIZER_CONFIGURATION_ERROR';
    this.#cache.remember(authorizer, token, { answer, nowMs: clock.nowMs() });
    return answer;
  }

  #count(passage: Passage, { usageIdentifierKey = '' }: AuthorizerAnswer): Passage | GatewayErrorType {
    const { api, clock } = this.#options;
    const key = api.keys.get(usageIdentifierKey);
    if (key === undefined) return 'INVALID_API_KEY';
    return this.#throttles.take(key, clock.nowMs()) ? { ...passage, key } : 'THROTTLED';
  }
}
