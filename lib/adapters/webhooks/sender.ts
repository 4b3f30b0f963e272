/** Posts deliveries to the receivers of webhooks, which are strangers: nothing they do may reach or hold up others. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { WebhookOutcome, WebhookRequest, WebhookSender } from '../../application/webhook-ports.ts';
import type { TargetKind } from './addresses.ts';
import { createCheckedLookup, type Resolve, resolverOf } from './checked-lookup.ts';
import { retryAfterMs } from './retry-after.ts';
import { signatureOf } from './signature.ts';
import { createWebhookTargets } from './targets.ts';

/** From the first packet to the last one of the answer: a receiver takes the delivery, and works on it later. */
const TIMEOUT_MS = 10_000;

/** What is read of an answer, so that the receiver gets rid of it; nobody looks at it. */
const ANSWER_BYTES_MAX = 4_096;

const USER_AGENT = 'Holdfast-Webhooks/1';

/** Codes of errors as Node and we write them; whatever else an error is called could be the receiver's words. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const UNKNOWN_ERROR = 'FAILED';

export interface SenderOptions {
  readonly kind: TargetKind;
  /** @default the name servers; in the embedded stack the machine */
  readonly resolve?: Resolve;
  /** @default 10,000 */
  readonly timeoutMs?: number;
}

function headersOf({ secrets, webhookId, deliveryId, eventId, atMs, body }: WebhookRequest) {
  const timestamp = String(Math.floor(atMs / 1_000));
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': USER_AGENT,
    'Holdfast-Webhook-Id': webhookId,
    'Holdfast-Delivery-Id': deliveryId,
    'Holdfast-Event-Id': eventId,
    'Holdfast-Timestamp': timestamp,
    'Holdfast-Signature': signatureOf(secrets, timestamp, body),
  };
}

function failureOf(error: NodeJS.ErrnoException, signal: AbortSignal): WebhookOutcome {
  if (signal.aborted) return { error: 'TIMEOUT' };
  return { error: ERROR_CODE.test(error.code ?? '') ? String(error.code) : UNKNOWN_ERROR };
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, atMs: number): WebhookOutcome {
  const waitMs = retryAfterMs(statusCode, headers['retry-after'], atMs);
  return waitMs === undefined ? { statusCode } : { statusCode, retryAfterMs: waitMs };
}

/** Reads an answer until it ends, fails or is too long. What counts was in its head. */
function discard(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) answer.destroy();
    });
    answer.on('error', () => resolve());
    answer.on('close', () => resolve());
  });
}

/**
 * Sends deliveries. Each has a connection of its own, to an address that was checked; no proxy, no redirect.
 */
export function createWebhookSender({
  kind,
  timeoutMs = TIMEOUT_MS,
  ...options
}: SenderOptions): WebhookSender {
  const targets = createWebhookTargets(kind);
  const lookup = createCheckedLookup(kind, options.resolve ?? resolverOf(kind));
  return {
    post: (delivery) => {
      // Sockets do not look up an address that is written in the URL, so it is judged here.
      if (targets.faultOf(delivery.url) !== undefined) return Promise.resolve({ error: 'ADDRESS_REFUSED' });
      const url = new URL(delivery.url);
      const signal = AbortSignal.timeout(timeoutMs);
      const start = url.protocol === 'https:' ? requestHttps : requestHttp;
      return new Promise((resolve) => {
        const request = start(url, {
          method: 'POST',
          headers: headersOf(delivery),
          lookup,
          signal,
          // A fresh agent: no connection of another delivery, and none of the proxies of the environment.
          agent: false,
        });
        let outcome: WebhookOutcome | undefined;
        request.on('response', (answer) => {
          const answered = outcomeOf(answer, delivery.atMs);
          outcome = answered;
          discard(answer).then(() => resolve(answered));
        });
        // An answer whose head has come counts, however its body ends.
        request.on('error', (error) => resolve(outcome ?? failureOf(error, signal)));
        request.end(delivery.body);
      });
    },
  };
}
