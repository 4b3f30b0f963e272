/**
 * How keys are checked in front of the routes. The gateway, the authorizer behind it and the embedded stack take it
 * from here; it holds plain data and imports nothing, so that constructs and handlers may both use it.
 */

/**
 * How long a good key is believed without a look at the database. The gateway remembers the authorizer's answer, and
 * the authorizer what it read: a key that is revoked right after it was read works for the sum of both.
 */
export const KEY_MEMORY = { gatewaySeconds: 15, authorizerSeconds: 15 } as const;

/** What the sum must not exceed. A revoked key stops within 60 s; the other half is for replication and retries. */
export const KEY_MEMORY_SECONDS_MAX = 30;

/** Characters of a bearer token. Our keys are far shorter; what is longer is no key and not worth hashing. */
export const TOKEN_MAX = 512;

/**
 * The `Authorization` header of a request that has a key (RFC 6750): the scheme has no case, the token is one word, the
 * first group. The gateway turns everything else away without calling the authorizer. Gateway and functions have
 * different engines for regular expressions, so it says nothing that one of them might understand otherwise.
 */
export const BEARER_HEADER = `^[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{1,${TOKEN_MAX}}=*) *$`;
