import { createHmac } from 'node:crypto';

/** Version of how deliveries are signed: another one would stand beside it in the same header. */
const SCHEME = 'v1';

/**
 * Signs a delivery, once with each secret.
 *
 * @param timestamp in seconds, as the header has it
 */
export const signatureOf = (secrets: readonly string[], timestamp: string, body: string): string =>
  secrets
    .map((secret) => createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'))
    .map((signature) => `${SCHEME}=${signature}`)
    .join(',');
