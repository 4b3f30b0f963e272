/**
 * A process of its own that sends requests at a steady rate, whatever becomes of them, and tells what was answered: so
 * that what sends does not wait for what serves, nor the reverse.
 */
import { Agent, request } from 'node:http';

/** What to send, and for how long. */
export interface Sending {
  readonly api: string;
  readonly key: string;
  readonly requestsPerSecond: number;
  readonly durationMs: number;
  /** Sent in turn. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body?: unknown }[];
}

/** What was answered. */
export interface Sent {
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  /** 429s without a usable `Retry-After`. */
  readonly withoutRetryAfter: number;
  /** Processor time that the sending took. */
  readonly cpuMs: number;
}

/** Connections: more than are ever needed by what is within its rate, few enough not to crowd a small machine. */
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

let keys = 0;

interface Counts {
  readonly latenciesMs: number[];
  readonly statuses: Record<string, number>;
  withoutRetryAfter: number;
}

function sendOne(sending: Sending, index: number, counts: Counts): Promise<void> {
  const { method = 'GET', path = '', body } = sending.requests[index % sending.requests.length] ?? {};
  const startedMs = performance.now();
  keys += 1;
  const count = (status: string) => {
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
    counts.latenciesMs.push(performance.now() - startedMs);
  };
  return new Promise((resolve) => {
    const outgoing = request(`${sending.api}${path}`, {
      agent,
      method,
      headers: {
        Authorization: `Bearer ${sending.key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        'Idempotency-Key': `${process.pid}-${keys}-${startedMs}`,
      },
    });
    outgoing.on('error', () => resolve(count('failed')));
    outgoing.on('response', (incoming) => {
      const { statusCode = 0, headers } = incoming;
      if (statusCode === 429 && !/^[1-9]\d*$/.test(String(headers['retry-after']))) {
        counts.withoutRetryAfter += 1;
      }
      incoming.resume().on('end', () => resolve(count(String(statusCode))));
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function send(sending: Sending): Promise<Sent> {
  const counts: Counts = { latenciesMs: [], statuses: {}, withoutRetryAfter: 0 };
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const pending: Promise<void>[] = [];
  const total = Math.round((sending.requestsPerSecond * sending.durationMs) / 1000);
  while (pending.length < total) {
    const due = Math.min(total, ((performance.now() - startedMs) / 1000) * sending.requestsPerSecond);
    while (pending.length < due) pending.push(sendOne(sending, pending.length, counts));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  const { user, system } = process.cpuUsage(before);
  return { ...counts, cpuMs: (user + system) / 1000 };
}

process.on('message', (sending: Sending) => {
  void send(sending).then((sent) => process.send?.(sent));
});
