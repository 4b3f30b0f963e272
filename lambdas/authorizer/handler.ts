import { dependencies } from './dependencies.ts';
import { tokenAuthorizer } from './token-authorizer.ts';

/** Answers the gateway, in front of every route that is not public, whose key a request carries. */
export const handler = tokenAuthorizer(dependencies);
