import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import * as z from 'zod';
import { BEARER_HEADER, TOKEN_MAX } from '../../lib/config/authorizer.ts';
import { planKey } from '../../lib/config/tiers.ts';
import type { Principal } from '../../lib/domain/access.ts';
import { contextOf } from '../http/authorizer-context.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';

export interface AuthorizerDependencies {
  /** Finds out whose key a token is. `undefined`: nobody's. May throw a `StoreUnavailableError`. */
  readonly authenticate: (token: string) => Promise<Principal | undefined>;
  /** Name of the stage: the gateway's keys are called by it. */
  readonly stage: string;
  readonly logger: Logger;
}

/** What the gateway asks: the `Authorization` header, and the method that the caller wants to use. */
const question = z.object({
  type: z.literal('TOKEN'),
  authorizationToken: z.string(),
  methodArn: z.string().regex(/^arn:[^:]+:execute-api:[^:]+:[^:]*:[^/]+\/[^/]+\//),
});

/**
 * The gateway knows this word: it answers 401 and remembers nothing, so that a key works as soon as it is made. A policy
 * that denies would be remembered as long as one that allows, and anything else that is thrown is a fault of ours.
 */
const REFUSAL = 'Unauthorized';

const BEARER = new RegExp(BEARER_HEADER);

function tokenOf(header: string): string | undefined {
  const token = BEARER.exec(header)?.[1];
  return token !== undefined && token.length <= TOKEN_MAX ? token : undefined;
}

/**
 * Lets a key call every method of this API's stage. The gateway remembers the policy by the key and judges later requests
 * by it, whatever their method: the functions judge scopes, so that what they refuse is answered in one place.
 */
function policyOf(methodArn: string): APIGatewayAuthorizerResult['policyDocument'] {
  const [api, stage] = methodArn.split('/');
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${api}/${stage}/*` }],
  };
}

const planKeyOf = (stage: string, principal: Principal): string =>
  planKey(stage, principal.kind === 'tenant' ? principal.tier : 'unlimited');

/**
 * Makes the handler that tells the gateway whose key a request carries.
 *
 * It throws `Unauthorized` for what is nobody's key. Whatever else it throws becomes 503 at the gateway: a database out
 * of reach must not look like a key that does not work.
 */
export function tokenAuthorizer({ authenticate, stage, logger }: AuthorizerDependencies) {
  const find = async (header: string): Promise<Principal | undefined> => {
    const token = tokenOf(header);
    try {
      return token === undefined ? undefined : await authenticate(token);
    } catch (error) {
      logger.error(LOG_MESSAGES.keyNotLookedUp, {}, error);
      throw error;
    }
  };

  return async (event: unknown): Promise<APIGatewayAuthorizerResult> => {
    const { authorizationToken, methodArn } = question.parse(event);
    const principal = await find(authorizationToken);
    if (principal === undefined) throw new Error(REFUSAL);
    return {
      principalId: principal.keyId,
      policyDocument: policyOf(methodArn),
      context: contextOf(principal),
      usageIdentifierKey: planKeyOf(stage, principal),
    };
  };
}
