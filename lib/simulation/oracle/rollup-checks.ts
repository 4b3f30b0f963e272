/** What the read model of every region must say once everything is quiet, and what was told of levels. */
import type { DomainEvent } from '../../domain/event.ts';
import { isOpen } from '../../domain/reservation.ts';
import { stateOf } from '../../domain/reservation-state.ts';
import type { Rollup, StockLevelName } from '../../domain/rollup.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { RegionSpine } from '../spine/region-spine.ts';

type Records = Pick<MemoryStore, 'all'>;

/** What is so, or what a rollup says, as lines that can be compared. */
type Facts = readonly string[];

interface Figures {
  readonly product:
    | { readonly status: string; readonly safetyStock: number; readonly version: number }
    | undefined;
  readonly stocks: readonly {
    readonly locationId: string;
    readonly region: string;
    readonly onHand: number;
    readonly keptBack: number;
    readonly shortage: number;
    readonly version: number;
  }[];
  readonly quotas: readonly {
    readonly locationId: string;
    readonly region: string;
    readonly shard: number;
    readonly available: number;
    readonly promised: number;
    readonly version: number;
  }[];
  readonly committed: ReadonlyMap<string, number>;
  readonly level: StockLevelName | undefined;
}

function factsOf({ product, stocks, quotas, committed, level }: Figures): Facts {
  return [
    `product ${product?.status} ${product?.safetyStock} version ${product?.version}`,
    ...stocks.map(
      ({ locationId, region, onHand, keptBack, shortage, version }) =>
        `stock at ${locationId} in ${region}: ${onHand} ${keptBack} ${shortage} version ${version}`,
    ),
    ...quotas.map(
      ({ locationId, region, shard, available, promised, version }) =>
        `quota of ${locationId} in ${region} ${shard}: ${available} ${promised} version ${version}`,
    ),
    ...[...committed].filter(([, units]) => units > 0).map(([at, units]) => `committed at ${at}: ${units}`),
    `level ${level}`,
  ].sort();
}

/** Confirmed and not shipped, from the reservations themselves. */
function committedIn(records: Records, sku: string): Map<string, number> {
  const lines = records
    .all('reservation')
    .filter(({ status }) => isOpen(status) && status !== 'held')
    .flatMap((reservation) => stateOf(reservation).lines.filter((line) => line.sku === sku));
  const committed = new Map<string, number>();
  for (const { locationId, left } of lines.flatMap(({ allocations }) => allocations)) {
    committed.set(locationId, (committed.get(locationId) ?? 0) + left);
  }
  return committed;
}

/** How much of a sku there is to sell, in a word. */
function levelIn({ quotas, stocks, product }: Omit<Figures, 'level'>): StockLevelName | undefined {
  if (quotas.length === 0) return undefined;
  const available = quotas.reduce((sum, quota) => sum + quota.available, 0);
  if (available === 0) return 'out';
  return available < (product?.safetyStock ?? 0) * stocks.length ? 'low' : 'in';
}

function truthOf(records: Records, sku: string): Figures {
  const isOfSku = (record: { readonly sku: string }) => record.sku === sku;
  const truth = {
    product: records.all('product').find(isOfSku),
    stocks: records.all('stock').filter(isOfSku),
    quotas: records.all('quota').filter(isOfSku),
    committed: committedIn(records, sku),
  };
  return { ...truth, level: levelIn(truth) };
}

const saidBy = ({ product, stocks, quotas, committed, level }: Rollup): Figures => ({
  product,
  stocks,
  quotas,
  committed: new Map(committed.map(({ locationId, units }) => [locationId, units])),
  level,
});

function differences(of: string, said: Facts, so: Facts): string[] {
  const [first] = said.filter((fact) => !so.includes(fact));
  const [missing] = so.filter((fact) => !said.includes(fact));
  if (first === undefined && missing === undefined) return [];
  return [`the rollup of ${of} says ${first ?? 'nothing'}, and it is so: ${missing ?? 'nothing'}`];
}

type LevelEvent = Extract<DomainEvent, { readonly type: 'stock.low' | 'stock.out' | 'stock.back' }>;

const isOfLevel = (event: DomainEvent): event is LevelEvent =>
  event.type === 'stock.low' || event.type === 'stock.out' || event.type === 'stock.back';

/** The last that was told of a sku's level is how it is. */
function levelFaults({ bus }: RegionSpine, sku: string, level: StockLevelName | undefined): string[] {
  const events = bus.messages.filter(isOfLevel).filter(({ subject }) => subject === sku);
  const last = events.toSorted((a, b) => a.sequence - b.sequence).at(-1);
  const isOut = level === 'out';
  // Nothing is told of the first level ever; that all others are told of is checked with the other events.
  if (last === undefined || (last.type === 'stock.out') === isOut) return [];
  return [`${sku} is ${level}, and the last that was told of it is ${last.type} (${last.sequence})`];
}

export interface RollupOptions {
  readonly skus: readonly string[];
  readonly homeRegion: string;
}

/** What the rollups of all regions say wrong. */
export function rollupFaults(
  records: Records,
  spines: readonly RegionSpine[],
  { skus, homeRegion }: RollupOptions,
): string[] {
  return skus.flatMap((sku) => {
    const truth = truthOf(records, sku);
    return spines.flatMap((spine) => {
      const { region, readModel } = spine;
      const rollup = readModel.all().find((each) => each.sku === sku);
      const said = rollup === undefined ? [] : factsOf(saidBy(rollup));
      const levels = region === homeRegion ? levelFaults(spine, sku, truth.level) : [];
      return [...differences(`${sku} in ${region}`, said, factsOf(truth)), ...levels];
    });
  });
}
