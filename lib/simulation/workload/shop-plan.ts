import { REGIONS } from '../cluster/cluster.ts';
import type { SeededRandom } from '../random.ts';

export interface PlannedLocation {
  readonly locationId: string;
  /** Its home region. */
  readonly region: string;
  readonly priority: number;
}

export interface PlannedSku {
  readonly sku: string;
  /** Units are counted in so many: a screw is sold by the hundred, a chair by the piece. */
  readonly scale: number;
}

/** Everything that a seed decides about the shop. */
export interface ShopPlan {
  readonly tenantId: string;
  readonly homeRegion: string;
  readonly locations: readonly PlannedLocation[];
  readonly skus: readonly PlannedSku[];
  /** Shoppers that come in an hour. */
  readonly shoppersPerHour: number;
  /** What comes in for what is bought: below 1, many are refused. */
  readonly supplyRatio: number;
  /** The part of the shoppers that come to the busiest region. */
  readonly skew: number;
  /** The busiest region changes after so long. */
  readonly dayMs: number;
}

const LOCATIONS = ['berlin', 'sydney', 'boston', 'lyon'];
const SKUS = ['chair', 'lamp', 'desk', 'screw', 'bolt'];
/** Small stocks stay whole in one region, large ones are spread: both must be there. */
const SCALES = [1, 1, 2, 8, 30] as const;
const SHOPPERS_PER_HOUR = [205, 295] as const;
const SUPPLY_RATIO = [0.12, 0.5] as const;
const SKEW = [0.4, 0.8] as const;
const DAY_MS = [10 * 60_000, 60 * 60_000] as const;

export function drawShop(random: SeededRandom): ShopPlan {
  return {
    tenantId: 'shop',
    homeRegion: random.pick(REGIONS),
    locations: LOCATIONS.map((locationId, priority) => ({
      locationId,
      region: random.pick(REGIONS),
      priority,
    })),
    skus: SKUS.map((sku, index) => ({ sku, scale: SCALES[index] ?? 1 })),
    shoppersPerHour: random.between(...SHOPPERS_PER_HOUR),
    supplyRatio: random.between(...SUPPLY_RATIO),
    skew: random.between(...SKEW),
    dayMs: random.between(...DAY_MS),
  };
}

/** Where the next shopper is: most are in one region, and later in another. */
export function drawRegion(plan: ShopPlan, random: SeededRandom, nowMs: number): string {
  const busiest = REGIONS[Math.floor(nowMs / plan.dayMs) % REGIONS.length] as string;
  return random.chance(plan.skew) ? busiest : random.pick(REGIONS);
}
