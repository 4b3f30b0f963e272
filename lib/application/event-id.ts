import type { DomainEvent } from '../domain/event.ts';
import type { Digest } from './ports.ts';

/** Half a SHA-256: no two events of all tenants ever meet by chance. */
const EVENT_ID_DIGITS = 32;

/** Names what happened, the same on every delivery and in every region that derives it. */
export const eventId = (
  digest: Digest,
  { tenantId, type, subject, sequence }: Pick<DomainEvent, 'tenantId' | 'type' | 'subject' | 'sequence'>,
): string => digest.hex(EVENT_ID_DIGITS, tenantId, type, subject, String(sequence));
