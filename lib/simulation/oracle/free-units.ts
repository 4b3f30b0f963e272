import type { Quota } from '../../domain/quota.ts';
import type { RequestedLine } from '../../domain/sourcing.ts';
import type { MemoryStore } from '../memory-store.ts';

/** What a shopper asks for of one sku, anywhere or at one location. */
interface Demand {
  readonly sku: string;
  readonly locationId: string | undefined;
  readonly quantity: number;
  /** The fewest units that each region had free since the watch began. */
  readonly least: Map<string, number>;
}

/** What was free while a request was on its way. */
export interface FreeWatch {
  readonly demands: readonly Demand[];
}

/** What the lines need of each sku in all, and at each location that is named. */
function demandsOf(lines: readonly RequestedLine[]): Demand[] {
  const wholes = Map.groupBy(lines, ({ sku }) => sku);
  const placed = Map.groupBy(
    lines.filter(({ locationId }) => locationId !== undefined),
    ({ sku, locationId }) => `${sku}#${locationId}`,
  );
  const sum = (group: readonly RequestedLine[]) => group.reduce((total, { quantity }) => total + quantity, 0);
  const whole = [...wholes].map(([sku, group]) => ({ sku, locationId: undefined, quantity: sum(group) }));
  const parts = [...placed.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [{ sku: first.sku, locationId: first.locationId, quantity: sum([first, ...rest]) }],
  );
  return [...whole, ...parts].map((demand) => ({ ...demand, least: new Map<string, number>() }));
}

/**
 * Knows at every moment how many units are free where, and remembers for each request how few there ever were:
 * a refusal is right only if there were too few.
 */
export class FreeUnits {
  /** By sku and location, and of a sku as a whole: the units of each region. */
  readonly #free = new Map<string, number[]>();
  readonly #watches = new Set<FreeWatch>();
  readonly #regions: readonly string[];

  constructor(stores: readonly MemoryStore[]) {
    this.#regions = stores.map(({ region }) => region);
    for (const store of stores) {
      store.onChange((changes) => {
        for (const { entity, origin, after } of changes) {
          if (entity === 'quota' && origin === 'local' && after !== undefined) this.#learn(after as Quota);
        }
      });
    }
  }

  watch(lines: readonly RequestedLine[]): FreeWatch {
    const watch = { demands: demandsOf(lines) };
    for (const demand of watch.demands) this.#lower(demand);
    this.#watches.add(watch);
    return watch;
  }

  end(watch: FreeWatch): void {
    this.#watches.delete(watch);
  }

  #learn({ sku, region, locationId, available }: Quota): void {
    const index = this.#regions.indexOf(region);
    const ofPlace = this.#freeOf(sku, locationId);
    const by = available - (ofPlace[index] as number);
    if (by === 0) return;
    ofPlace[index] = available;
    (this.#freeOf(sku)[index] as number) += by;
    if (by > 0) return;
    for (const { demands } of this.#watches) {
      for (const demand of demands) if (demand.sku === sku) this.#lower(demand);
    }
  }

  #lower({ sku, locationId, least }: Demand): void {
    const free = this.#freeOf(sku, locationId);
    for (const [index, region] of this.#regions.entries()) {
      least.set(region, Math.min(least.get(region) ?? Number.POSITIVE_INFINITY, free[index] as number));
    }
  }

  /** Units in each region, in the order of the regions. */
  #freeOf(sku: string, locationId?: string): number[] {
    const key = `${sku}#${locationId ?? ''}`;
    const known = this.#free.get(key);
    if (known !== undefined) return known;
    const fresh = this.#regions.map(() => 0);
    this.#free.set(key, fresh);
    return fresh;
  }
}

/**
 * Whether a refusal was right: some demand could not be met by what the regions in reach had, each at its
 * lowest. Of a request that takes a part, nothing at all must have been free.
 */
export function mayRefuse(
  { demands }: FreeWatch,
  { reachable, allowPartial }: { readonly reachable: ReadonlySet<string>; readonly allowPartial: boolean },
): boolean {
  const freeFor = ({ least }: Demand) =>
    [...least].reduce((sum, [region, units]) => sum + (reachable.has(region) ? units : 0), 0);
  if (allowPartial) return demands.every((demand) => freeFor(demand) < 1 || isPart(demand, demands));
  return demands.some((demand) => freeFor(demand) < demand.quantity);
}

/** What a line asks for at a location counts in what all lines ask for of the sku too. */
const isPart = ({ sku, locationId }: Demand, demands: readonly Demand[]): boolean =>
  locationId === undefined && demands.some((other) => other.sku === sku && other.locationId !== undefined);
