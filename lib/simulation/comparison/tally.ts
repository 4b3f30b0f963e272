import { Latencies, type OperationFigures } from '../../replay/latencies.ts';
import { LOT_UNITS, TAIL_SHARE } from './assumptions.ts';
import type { Held } from './protocol.ts';
import type { Purchase } from './scenario.ts';

/** Holds of one part of the lots. */
export interface HoldCounts {
  holds: number;
  held: number;
  refused: number;
  failed: number;
  /** Held or refused with a call to another region. */
  remote: number;
  /** Units that moved between regions, and in how many grants. */
  grants: number;
  grantedUnits: number;
}

export type Part = 'bulk' | 'tail';

const noHolds = (): HoldCounts => ({
  holds: 0,
  held: 0,
  refused: 0,
  failed: 0,
  remote: 0,
  grants: 0,
  grantedUnits: 0,
});

/** Which part of a lot a sku is in, when so many units are free. */
const partOf = (free: number): Part => (free > TAIL_SHARE * LOT_UNITS ? 'bulk' : 'tail');

/** What else there is to say of a hold. */
interface HeldFacts {
  readonly milliseconds: number;
  readonly freeBefore: number;
  readonly isWronglyRefused: boolean;
}

/** What became of all shoppers of a run. */
export class Tally {
  readonly parts: Readonly<Record<Part, HoldCounts>> = { bulk: noHolds(), tail: noHolds() };
  /** By the region of the shopper. */
  readonly regions: Record<string, { holds: number; held: number }> = {};
  wrongRefusals = 0;
  readonly #latencies = new Latencies();

  held({ region }: Purchase, held: Held, facts: HeldFacts): void {
    const counts = this.parts[partOf(facts.freeBefore)];
    counts.holds += 1;
    counts[held.outcome] += 1;
    if (!held.isLocal) counts.remote += 1;
    const ofRegion = this.regions[region] ?? { holds: 0, held: 0 };
    this.regions[region] = ofRegion;
    ofRegion.holds += 1;
    if (held.outcome === 'held') ofRegion.held += 1;
    if (facts.isWronglyRefused) this.wrongRefusals += 1;
    if (held.outcome === 'failed') return;
    const { milliseconds } = facts;
    this.#latencies.record(`hold ${region}`, { milliseconds, retries: 0 });
    this.#latencies.record('hold', { milliseconds, retries: 0 });
  }

  confirmed({ region }: Purchase, facts: { isConfirmed: boolean; milliseconds: number }): void {
    if (!facts.isConfirmed) return;
    const { milliseconds } = facts;
    this.#latencies.record(`confirm ${region}`, { milliseconds, retries: 0 });
    this.#latencies.record('confirm', { milliseconds, retries: 0 });
  }

  granted(units: number, free: number): void {
    const counts = this.parts[partOf(free)];
    counts.grants += 1;
    counts.grantedUnits += units;
  }

  /** Holds of the whole lot. */
  total(): HoldCounts {
    const { bulk, tail } = this.parts;
    const names = Object.keys(bulk) as (keyof HoldCounts)[];
    return Object.fromEntries(names.map((name) => [name, bulk[name] + tail[name]])) as unknown as HoldCounts;
  }

  /** By operation, over all regions and for each, in the order of their names. */
  latencies(): OperationFigures[] {
    return this.#latencies.figures().sort((a, b) => (a.operation < b.operation ? -1 : 1));
  }
}
