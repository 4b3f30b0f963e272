/** Webhooks: where a tenant wants events delivered, and what became of each delivery. */

/** Written in the tenant's home region. */
export interface Webhook {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly url: string;
  /** Types of events; empty: all. */
  readonly detailTypes: readonly string[];
  /** Signs deliveries. */
  readonly secret: string;
  /** The one before, which signs beside it for a while after a rotation. */
  readonly formerSecret?: string;
  readonly formerSecretUntilMs?: number;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface DeliveryAttempt {
  readonly atMs: number;
  /** Absent: no answer came. */
  readonly statusCode?: number;
  /** Why it failed. */
  readonly error?: string;
}

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
  /** The latest ones. */
  readonly attempts: readonly DeliveryAttempt[];
  /** How often it was tried since it was made or replayed. */
  readonly tries: number;
  readonly createdAtMs: number;
  /** When the sweep of its region looks at it next: to send it again, or to forget it. */
  readonly dueAtMs: number;
  readonly version: number;
}
