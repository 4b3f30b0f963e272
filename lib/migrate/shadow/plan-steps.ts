import type { BadDecision, Decision, ReservationDecision } from './decision.ts';
import { Expiries } from './expiries.ts';

/**
 * Something to play. Steps that share a sku are played in the order of the log. `expiry`: a hold of the old system has
 * ended by its own rules, at the time of the log.
 */
export type Step = { readonly skus: readonly string[] } & (
  | { readonly does: 'decide'; readonly decision: Decision }
  | { readonly does: 'expiry'; readonly id: string }
);

/** Decisions that end a reservation, as far as they concern all of it. */
const ENDINGS: ReadonlySet<string> = new Set(['release', 'expire', 'cancel', 'ship']);

/** Reservations whose skus are remembered after their end: late requests still come in their place. */
const ENDED_MAX = 100_000;

/** What the log has said of its reservations so far. */
class LogState {
  readonly expiries = new Expiries();
  readonly #skus = new Map<string, readonly string[]>();
  readonly #ended = new Set<string>();

  skusOf(decision: Decision): readonly string[] {
    const shown = [...decision.available.keys()];
    if (decision.about === 'stock') return [...new Set([decision.movement.sku, ...shown])];
    const own = this.#skus.get(decision.id) ?? (decision.lines ?? []).map(({ sku }) => sku);
    return [...new Set([...own, ...shown])];
  }

  follow(decision: ReservationDecision): void {
    const { id, request, lines, expiresAtMs } = decision;
    if (request === 'hold') this.#skus.set(id, [...new Set(lines?.map(({ sku }) => sku))]);
    if (decision.decision === 'refused') {
      if (request === 'hold') this.end(id);
      return;
    }
    if (request === 'confirm') this.expiries.delete(id);
    if ((request === 'hold' || request === 'extend') && expiresAtMs !== undefined) {
      this.expiries.set(id, expiresAtMs);
    }
    if (ENDINGS.has(request) && lines === undefined) this.end(id);
  }

  end(id: string): void {
    this.expiries.delete(id);
    this.#ended.add(id);
    if (this.#ended.size <= ENDED_MAX) return;
    const [oldest = ''] = this.#ended;
    this.#ended.delete(oldest);
    this.#skus.delete(oldest);
  }

  skusOfReservation(id: string): readonly string[] {
    return this.#skus.get(id) ?? [];
  }
}

/** Steps of a log in its order, with the expiries of the old system between them. Bad lines are told and left out. */
export async function* planSteps(
  decisions: AsyncIterable<Decision | BadDecision>,
  onBad: (bad: BadDecision) => void,
): AsyncGenerator<Step> {
  const state = new LogState();
  for await (const decision of decisions) {
    if ('problem' in decision) {
      onBad(decision);
      continue;
    }
    for (const id of state.expiries.takeUntil(decision.at)) {
      yield { does: 'expiry', id, skus: state.skusOfReservation(id) };
      state.end(id);
    }
    yield { does: 'decide', decision, skus: state.skusOf(decision) };
    if (decision.about === 'reservation') state.follow(decision);
  }
}
