/** The life of a delivery: tried until it is taken, with longer and longer pauses, for a day; then it is parked. */

export interface DeliveryAttempt {
  readonly atMs: number;
  /** Absent: no answer came. */
  readonly statusCode?: number;
  /** Why no answer came. */
  readonly error?: string;
}

/** Why a delivery is not tried any more: a day has passed, the receiver said so, or there is no webhook. */
export type ParkedReason = 'given_up' | 'gone' | 'webhook_deleted';

/** Written in the region whose event it delivers. */
export interface Delivery {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly region: string;
  readonly detailType: string;
  readonly eventId: string;
  /** What is posted. */
  readonly body: string;
  readonly status: 'pending' | 'delivered' | 'parked';
  /** Only of a parked one. */
  readonly parkedReason?: ParkedReason;
  /** The latest ones. */
  readonly attempts: readonly DeliveryAttempt[];
  /** How often it was tried since it was made or replayed. */
  readonly tries: number;
  /** When the event happened: part of the key, so that the same event makes the same delivery again. */
  readonly createdAtMs: number;
  /** When it was made or replayed: it is given up a day later. */
  readonly startedAtMs: number;
  /** Only of a pending one: not tried before. */
  readonly nextAttemptAtMs?: number;
  /** When the sweep of its region looks at it next: to send it again, or to forget it. */
  readonly dueAtMs: number;
  readonly version: number;
}

/** The sweep takes over a delivery whose message to the queue was lost; one that arrived is tried long before. */
const HANDOVER_MS = 60_000;

/** How long the sweep gives the queue and its worker before it sends the message once more. */
const RESEND_MS = 300_000;

/** The first pause after a failure, at most; it doubles each time. */
const BACKOFF_FIRST_MS = 10_000;
/** The longest pause: a receiver that is mended is found within a working day. */
const BACKOFF_MAX_MS = 6 * 3_600_000;
/** How long a delivery is tried: a receiver that is down overnight misses nothing. */
const GIVEN_UP_AFTER_MS = 86_400_000;

/** Attempts a delivery remembers: those of a whole day, and an item that stays small. */
const ATTEMPTS_KEPT = 20;

/** How long a delivery is shown after it was taken, and after it was parked: time to notice, and to replay it. */
const DELIVERED_KEPT_MS = 7 * 86_400_000;
const PARKED_KEPT_MS = 30 * 86_400_000;

/** Clocks of two machines may differ by so much: a message must not come too early because of that. */
const CLOCK_SKEW_MS = 1_000;

/** "Gone" (RFC 9110): the receiver will never take it, so nobody asks again. */
const GONE = 410;

export const HASH_LENGTH = 32;

const DELIVERY_ID = new RegExp(
  `^dlv\\.([a-z]{2,4}(?:-[a-z]+){1,3}-[0-9])\\.([0-9]{13})\\.([0-9a-f]{${HASH_LENGTH}})$`,
);

export interface DeliveryIdParts {
  readonly region: string;
  readonly createdAtMs: number;
  /** Of tenant, webhook and event: hexadecimal digits. */
  readonly hash: string;
}

/** The id says where the delivery is kept. */
export function formatDeliveryId({ region, createdAtMs, hash }: DeliveryIdParts): string {
  return `dlv.${region}.${String(createdAtMs).padStart(13, '0')}.${hash}`;
}

/** @returns `undefined` for what no delivery can be called. */
export function parseDeliveryId(id: string): DeliveryIdParts | undefined {
  const [, region, createdAt, hash] = DELIVERY_ID.exec(id) ?? [];
  return region && createdAt && hash ? { region, createdAtMs: Number(createdAt), hash } : undefined;
}

type NewDelivery = Pick<
  Delivery,
  'tenantId' | 'webhookId' | 'deliveryId' | 'region' | 'detailType' | 'eventId' | 'body' | 'createdAtMs'
>;

/**
 * A new delivery.
 *
 * @param sentBy `queue`: its maker sends the message. `sweep`: its maker has no queue, the sweep sends it.
 */
export const newDelivery = (given: NewDelivery, nowMs: number, sentBy: 'queue' | 'sweep'): Delivery => ({
  ...given,
  status: 'pending',
  attempts: [],
  tries: 0,
  startedAtMs: nowMs,
  nextAttemptAtMs: nowMs,
  dueAtMs: sentBy === 'queue' ? nowMs + HANDOVER_MS : nowMs,
  version: 1,
});

/** Whether a message about the delivery is to be followed now: one that comes twice finds it done or postponed. */
export const mayBeTried = ({ status, nextAttemptAtMs = 0 }: Delivery, nowMs: number): boolean =>
  status === 'pending' && nextAttemptAtMs <= nowMs + CLOCK_SKEW_MS;

/** Whether nothing has come of it yet: its message may have been lost. */
export const isUntried = ({ status, tries }: Delivery): boolean => status === 'pending' && tries === 0;

/** It has ended, and is forgotten later. */
function ended(
  delivery: Delivery,
  how: { readonly status: 'delivered' } | { readonly status: 'parked'; readonly parkedReason: ParkedReason },
  nowMs: number,
): Delivery {
  const { nextAttemptAtMs: _, ...rest } = delivery;
  const keptMs = how.status === 'delivered' ? DELIVERED_KEPT_MS : PARKED_KEPT_MS;
  return { ...rest, ...how, dueAtMs: nowMs + keptMs, version: delivery.version + 1 };
}

export interface Failure {
  /** What the receiver asked for: not to be tried sooner. */
  readonly retryAfterMs?: number;
  /** From 0 up to 1: full jitter, so that deliveries that failed together do not come back together. */
  readonly fraction: number;
}

/** How long to wait after so many tries in a row have failed. */
function pauseMs(tries: number, { retryAfterMs = 0, fraction }: Failure): number {
  const backoffMs = Math.floor(fraction * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (tries - 1)));
  return Math.max(backoffMs, Math.min(BACKOFF_MAX_MS, retryAfterMs));
}

const isSuccess = ({ statusCode = 0 }: DeliveryAttempt): boolean => statusCode >= 200 && statusCode < 300;

/** The delivery after an attempt. */
export function afterAttempt(delivery: Delivery, attempt: DeliveryAttempt, failure: Failure): Delivery {
  const nowMs = attempt.atMs;
  const tries = delivery.tries + 1;
  const tried = { ...delivery, tries, attempts: [...delivery.attempts, attempt].slice(-ATTEMPTS_KEPT) };
  if (isSuccess(attempt)) return ended(tried, { status: 'delivered' }, nowMs);
  if (attempt.statusCode === GONE) return ended(tried, { status: 'parked', parkedReason: 'gone' }, nowMs);
  const nextAttemptAtMs = nowMs + pauseMs(tries, failure);
  if (nextAttemptAtMs > delivery.startedAtMs + GIVEN_UP_AFTER_MS) {
    return ended(tried, { status: 'parked', parkedReason: 'given_up' }, nowMs);
  }
  return { ...tried, nextAttemptAtMs, dueAtMs: nextAttemptAtMs, version: delivery.version + 1 };
}

/** The delivery after its webhook was deleted. */
export const orphaned = (delivery: Delivery, nowMs: number): Delivery =>
  ended(delivery, { status: 'parked', parkedReason: 'webhook_deleted' }, nowMs);

/** The delivery put off without a try: its receiver rests. */
export const postponed = (delivery: Delivery, nextAttemptAtMs: number): Delivery => ({
  ...delivery,
  nextAttemptAtMs,
  dueAtMs: nextAttemptAtMs,
  version: delivery.version + 1,
});

/** The delivery after the sweep has sent its message: the sweep looks again if nothing comes of it. */
export const handedOver = (delivery: Delivery, nowMs: number): Delivery => ({
  ...delivery,
  dueAtMs: nowMs + RESEND_MS,
  version: delivery.version + 1,
});

/** The delivery as it begins anew. */
export function replayed(delivery: Delivery, nowMs: number): Delivery {
  const { parkedReason: _, ...rest } = delivery;
  return {
    ...rest,
    status: 'pending',
    tries: 0,
    startedAtMs: nowMs,
    nextAttemptAtMs: nowMs,
    dueAtMs: nowMs,
    version: delivery.version + 1,
  };
}
