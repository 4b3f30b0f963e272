import { type Message, type Outlet, StoreUnavailableError } from '../../application/ports.ts';
import { callStore } from '../store-call.ts';
import type { CallParties } from '../store-request.ts';
import type { Outages } from './outages.ts';
import type { SpineRates } from './spine-rates.ts';

/** The most that is handed over in one call, as to a queue or a bus. */
const BATCH_MAX = 10;

export interface OutletEnd<Sent extends Message> {
  readonly name: string;
  readonly rates: Readonly<SpineRates>;
  readonly outages: Outages;
  /** Takes what arrives. It may arrive twice: a caller that hears nothing cannot know. */
  readonly take: (messages: readonly Sent[]) => void;
}

const idsOf = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

/** The way out of a process: a call that is lost, cut off, repeated or taken in part, as calls to a store are. */
export class SimulatedOutlet<Sent extends Message> implements Outlet<Sent> {
  readonly #parties: CallParties;
  readonly #end: OutletEnd<Sent>;

  constructor(parties: CallParties, end: OutletEnd<Sent>) {
    this.#parties = parties;
    this.#end = end;
  }

  async send(messages: readonly Sent[]): Promise<ReadonlySet<string>> {
    const left = new Set<string>();
    for (let start = 0; start < messages.length; start += BATCH_MAX) {
      for (const id of await this.#sendBatch(messages.slice(start, start + BATCH_MAX))) left.add(id);
    }
    return left;
  }

  async #sendBatch(batch: readonly Sent[]): Promise<readonly string[]> {
    const { name } = this.#end;
    try {
      return await callStore<readonly string[]>(this.#parties, {
        name,
        act: async () => this.#arrive(batch),
        busy: idsOf(batch),
        isCommit: true,
        details: () => idsOf(batch).join(', '),
      });
    } catch (error) {
      if (error instanceof StoreUnavailableError) return idsOf(batch);
      throw error;
    }
  }

  /** @returns what is not taken */
  #arrive(batch: readonly Sent[]): string[] {
    const { region, random, world } = this.#parties;
    const { outages, rates, take } = this.#end;
    if (outages.isOut(region)) {
      world.counts.add('refusedMessages', batch.length);
      return idsOf(batch);
    }
    const refused = new Set(batch.filter(() => random.chance(rates.partial)));
    world.counts.add('refusedMessages', refused.size);
    take(batch.filter((message) => !refused.has(message)));
    return idsOf([...refused]);
  }
}
