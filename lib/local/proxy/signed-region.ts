import type { IncomingMessage } from 'node:http';

/** The region that a call is signed for: `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, …` */
export function signedRegion({ headers }: IncomingMessage): string | undefined {
  return headers.authorization?.split('/', 3)[2];
}
