import type { IncomingMessage } from 'node:http';

/**
 * The region for which the SDK has signed a call: it may be another one than the caller's own.
 *
 * `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/dynamodb/aws4_request, …`
 */
export function signedRegion({ headers }: IncomingMessage): string | undefined {
  return headers.authorization?.split('/', 3)[2];
}

/** The key that has signed a call. */
export function signedBy({ headers }: IncomingMessage): string | undefined {
  return headers.authorization?.split('/', 1)[0]?.split('Credential=')[1];
}
