/** What is bought, where and when: the same for every protocol. */
import type { SeededRandom } from '../random.ts';
import {
  BOUGHT_SHARE,
  DECIDES_AFTER_MS,
  LOT_UNITS,
  QUANTITIES,
  REGIONS,
  SHIPS_AFTER_MS,
} from './assumptions.ts';

/** How demand is spread. */
export interface DemandShape {
  /** Over all skus and regions. */
  readonly holdsPerSecond: number;
  readonly skus: number;
  /** Of all demand this share comes from one region; the others have equal parts of the rest. */
  readonly regionSkew: number;
  /** Of all demand this share is for the first fifth of the skus. */
  readonly skuSkew: number;
  /** The region with most of the demand changes this often, from one moment to the next. */
  readonly movesEveryMs: number;
  /** Of each sku, before anybody comes. */
  readonly firstUnits: number;
}

/** One shopper, from the first click to the parcel. */
export interface Purchase {
  readonly number: number;
  readonly region: string;
  readonly sku: string;
  readonly quantity: number;
  readonly isBought: boolean;
  readonly decidesAfterMs: number;
  readonly shipsAfterMs: number;
}

export const USUAL_DEMAND: DemandShape = {
  holdsPerSecond: 20,
  skus: 10,
  regionSkew: 0.8,
  skuSkew: 0.8,
  movesEveryMs: 1_200_000,
  firstUnits: LOT_UNITS,
};

/** A fifth, as in the rule of 80 and 20. */
const POPULAR_SHARE = 0.2;

const skuName = (index: number): string => `sku-${index + 1}`;

export const skusOf = ({ skus }: DemandShape): string[] =>
  Array.from({ length: skus }, (_, index) => skuName(index));

/** The skus that have most of the demand: a fifth of them, at least one. */
const popularSkus = (shape: DemandShape): string[] =>
  skusOf(shape).slice(0, Math.max(1, Math.round(shape.skus * POPULAR_SHARE)));

/** Draws purchases one after the other. What a protocol makes of them changes nothing. */
export class Demand {
  readonly shape: DemandShape;
  readonly #random: SeededRandom;
  readonly #popular: readonly string[];
  readonly #rest: readonly string[];
  readonly #firstBusiest: number;
  #number = 0;

  constructor(shape: DemandShape, random: SeededRandom) {
    this.shape = shape;
    this.#random = random;
    this.#popular = popularSkus(shape);
    this.#rest = skusOf(shape).slice(this.#popular.length);
    this.#firstBusiest = random.integer(0, REGIONS.length - 1);
  }

  /** Until the next purchase. */
  drawPauseMs(): number {
    return this.#random.exponential(1_000 / this.shape.holdsPerSecond);
  }

  /** The region with most of the demand, so long after the start. */
  busiestAt(elapsedMs: number): string {
    const moves = Math.floor(elapsedMs / this.shape.movesEveryMs);
    return REGIONS[(this.#firstBusiest + moves) % REGIONS.length] as string;
  }

  /** @param only the sku that everybody wants. @default each what they like */
  draw(elapsedMs: number, only?: string): Purchase {
    const random = this.#random;
    this.#number += 1;
    const busiest = this.busiestAt(elapsedMs);
    const isBusiest = random.chance(this.shape.regionSkew);
    const other = random.pick(REGIONS.filter((region) => region !== busiest));
    const isPopular = this.#rest.length === 0 || random.chance(this.shape.skuSkew);
    return {
      number: this.#number,
      region: isBusiest ? busiest : other,
      sku: only ?? random.pick(isPopular ? this.#popular : this.#rest),
      quantity: random.pick(QUANTITIES),
      isBought: random.chance(BOUGHT_SHARE),
      decidesAfterMs: random.exponential(DECIDES_AFTER_MS),
      shipsAfterMs: random.exponential(SHIPS_AFTER_MS),
    };
  }
}
