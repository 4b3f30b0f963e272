/** Runs that every protocol goes through: under the usual demand, with a region cut off, and under more and more load. */
import { BEFORE_CUT_MS, CUT_MS, HOME, REGIONS } from './assumptions.ts';
import { createWorld, Market } from './market.ts';
import { MAKERS, type ProtocolName } from './protocols.ts';
import { type DemandShape, skusOf } from './scenario.ts';
import { type UsualFigures, usualFigures } from './usual-figures.ts';

export interface CutFigures {
  readonly protocol: ProtocolName;
  /** The region that neither reaches another one nor is reached. */
  readonly cutOff: string;
  readonly isHome: boolean;
  /** Of the holds that were asked for meanwhile, the part that was placed. */
  readonly served: number;
  readonly servedInside: number;
  readonly servedOutside: number;
}

export interface LoadFigures {
  readonly protocol: ProtocolName;
  /** Holds asked for in a second, all of one sku. */
  readonly offered: number;
  readonly heldPerSecond: number;
  readonly p99Ms: number;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Long enough that one bad second does not decide. */
const LOAD_MS = 15_000;
/** Nobody runs out of units under load: this is about speed. */
const LOAD_UNITS = 1_000_000;

function openMarket(seed: number, protocol: ProtocolName, shape: DemandShape): Market {
  const world = createWorld(seed);
  return new Market(world, MAKERS[protocol](world, shape), shape);
}

export async function runUsual(
  seed: number,
  protocol: ProtocolName,
  { shape, hours }: { readonly shape: DemandShape; readonly hours: number },
): Promise<UsualFigures> {
  const market = openMarket(seed, protocol, shape);
  await market.open();
  await market.pass(hours * HOUR_MS);
  return usualFigures(market, { protocol, hours });
}

/** The region away from home that most of the demand comes from, or just one. */
const busiestAway = (market: Market): string =>
  [market.busiest(), ...REGIONS].find((region) => region !== HOME) ?? HOME;

function cutOffRegion({ world: { network } }: Market, region: string): void {
  for (const other of REGIONS.filter((name) => name !== region)) {
    network.cut(region, other);
    network.cut(other, region);
  }
}

/** Cuts a region off in both directions, lets time pass, and counts what was asked for meanwhile. */
export async function runCut(
  seed: number,
  protocol: ProtocolName,
  { shape, isHome }: { readonly shape: DemandShape; readonly isHome: boolean },
): Promise<CutFigures> {
  const market = openMarket(seed, protocol, shape);
  await market.open();
  await market.pass(BEFORE_CUT_MS);
  const cutOff = isHome ? HOME : busiestAway(market);
  cutOffRegion(market, cutOff);
  const before = structuredClone(market.tally.regions);
  await market.pass(CUT_MS);
  const share = (regions: readonly string[]) => {
    const counted = (name: 'holds' | 'held') =>
      regions.reduce(
        (sum, region) => sum + (market.tally.regions[region]?.[name] ?? 0) - (before[region]?.[name] ?? 0),
        0,
      );
    return counted('held') / counted('holds');
  };
  return {
    protocol,
    cutOff: cutOff,
    isHome,
    served: share(REGIONS),
    servedInside: share([cutOff]),
    servedOutside: share(REGIONS.filter((region) => region !== cutOff)),
  };
}

/** One sku that everybody wants at once. */
export async function runLoad(
  seed: number,
  protocol: ProtocolName,
  { shape, offered }: { readonly shape: DemandShape; readonly offered: number },
): Promise<LoadFigures> {
  const market = openMarket(seed, protocol, { ...shape, skus: 1, holdsPerSecond: offered });
  const [sku = ''] = skusOf(market.demand.shape);
  await market.open({ units: LOAD_UNITS, sku });
  await market.pass(LOAD_MS);
  const { held } = market.tally.total();
  return {
    protocol,
    offered,
    heldPerSecond: (held * SECOND_MS) / LOAD_MS,
    p99Ms: market.tally.latencies().find(({ operation }) => operation === 'hold')?.p99Ms ?? 0,
  };
}
