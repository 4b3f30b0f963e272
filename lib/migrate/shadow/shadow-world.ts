import { createHash } from 'node:crypto';
import type { Clock } from '../../application/ports.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import type { SupplyRises } from '../../replay/supply-rises.ts';
import type { Decision } from './decision.ts';

/** A reservation as it is here. `confirmed` and the rest is known to the service, not remembered. */
export interface Shadowed {
  readonly reservationId: string;
  readonly skus: readonly string[];
  /** Its hold ended at its time in the log. */
  readonly expired: boolean;
}

/** Those that ended are remembered as well, for what the old system still does with them; so many take some 100 MB. */
const SHADOWED_MAX = 500_000;

/** The reservations of the log that are here, by the old system's names. */
export class ShadowedReservations {
  readonly #byId = new Map<string, Shadowed>();

  get(id: string): Shadowed | undefined {
    return this.#byId.get(id);
  }

  set(id: string, shadowed: Shadowed): void {
    this.#byId.set(id, shadowed);
    if (this.#byId.size <= SHADOWED_MAX) return;
    const [oldest = ''] = this.#byId.keys();
    this.#byId.delete(oldest);
  }

  forget(id: string): void {
    this.#byId.delete(id);
  }
}

/** What a log is played with. */
export interface ShadowWorld {
  readonly client: PatientClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly rises: SupplyRises;
  readonly reservations: ShadowedReservations;
  /** Keeps the keys of one comparison apart from those of others. */
  readonly run: string;
}

const KEY_DIGITS = 32;

/** The idempotency key of a step: a log that is read again asks the same requests. */
export function keyOf(run: string, { id, request, at }: Decision, step: string): string {
  const digits = createHash('sha256')
    .update(JSON.stringify([run, id, request, at, step]))
    .digest('hex');
  return `shadow-${digits.slice(0, KEY_DIGITS)}`;
}
