import type { Mutant } from '../cluster/mutant.ts';
import type { Counted } from '../fault-counts.ts';
import type { FaultKind, Mood } from '../nemesis-plan.ts';
import { lookOnceMore } from '../oracle/last-look.ts';
import { quietFaults } from '../oracle/quiet-checks.ts';
import { regionFaults } from '../oracle/quiet-regions.ts';
import { shopSpineFaults } from '../oracle/quiet-spine.ts';
import { Violation } from '../oracle/violation.ts';
import type { TraceLine } from '../trace.ts';
import { maintainRegions } from '../workload/drains.ts';
import { bookMovement, operateOnce } from '../workload/operator.ts';
import { type Mix, type Shop, visit } from '../workload/shop.ts';
import type { PlannedSku } from '../workload/shop-plan.ts';
import { shopOnce, UNITS_PER_VISIT } from '../workload/shopper.ts';
import { openShop, planShop } from './open-shop.ts';

export interface SeedOptions {
  readonly seed: number;
  /** Simulated hours in which things go wrong. */
  readonly hours: number;
  readonly keepTrace?: boolean;
  readonly mutant?: Mutant | undefined;
  /** Kinds of faults that are left out, whatever the seed says. */
  readonly without?: readonly FaultKind[];
  /** How many shoppers come, compared with what the seed says. */
  readonly traffic?: number;
}

export interface SeedReport {
  readonly seed: number;
  /** The mistake that was made in it. */
  readonly mutant: string | undefined;
  readonly hours: number;
  readonly mood: Mood;
  /** What must never happen and did. */
  readonly violation?: { readonly what: string; readonly atMs: number };
  readonly hash: string;
  readonly requests: number;
  readonly mix: Readonly<Mix>;
  readonly counts: Readonly<Record<Counted, number>>;
  readonly grants: number;
  readonly lines: readonly TraceLine[];
}

const HOUR_MS = 3_600_000;
/** Bookings of an operator in an hour. */
const BOOKINGS_PER_HOUR = 90;
/** What arrives in the first place, in hours of demand. */
const FIRST_STOCK_HOURS = 0.4;
/** About so many lines has a cart, and so many of the bookings are arrivals. */
const LINES_PER_CART = 1.6;
const ARRIVALS = 0.7;
/** In the last part of a run nothing arrives, and counts find little: so it ends with units that are owed. */
const CLOSING_PART = 0.15;
/** After the repair: for answers that never came. */
const FINISH_MS = 10 * 60_000;
/** What was put aside is put back by an operator once nothing more is put aside for what went wrong before. */
const REDRIVE_AFTER_MS = 2 * 60_000;
/** Then for everything to arrive, expire and settle. */
const QUIET_MS = 6 * 60_000;
/** A message that was often refused is tried again after a quarter of an hour only. */
const SENT_MS = 10 * 60_000;
/** Between two checks whether everybody has left. */
const LEAVING_MS = 30_000;

function startShoppers(shop: Shop, endMs: number): void {
  const { cluster, client, plan } = shop;
  const { time } = cluster.world;
  const meanMs = HOUR_MS / plan.shoppersPerHour;
  let shoppers = 0;
  const next = () => {
    if (!shop.isOpen || time.now() >= endMs) return;
    shoppers += 1;
    const name = `s${shoppers}`;
    visit(shop, () => shopOnce(shop, name));
    time.after(client.random.exponential(meanMs), next);
  };
  next();
}

/** Units of a sku that shoppers ask for in an hour. */
const demandPerHour = ({ plan }: Shop, { scale }: PlannedSku): number =>
  (plan.shoppersPerHour * LINES_PER_CART * UNITS_PER_VISIT * scale) / plan.skus.length;

function startOperator(shop: Shop, endMs: number): void {
  const { cluster, client, plan } = shop;
  const { time } = cluster.world;
  const { random } = client;
  const perArrival = (BOOKINGS_PER_HOUR * ARRIVALS) / plan.skus.length;
  const restock = (sku: PlannedSku) =>
    Math.ceil(((plan.supplyRatio * demandPerHour(shop, sku)) / perArrival) * random.between(0.5, 1.5));
  for (const sku of plan.skus) {
    for (const { locationId } of plan.locations) {
      const units = (plan.supplyRatio * FIRST_STOCK_HOURS * demandPerHour(shop, sku)) / plan.locations.length;
      const command = { type: 'receipt', sku: sku.sku, locationId, quantity: Math.ceil(units) } as const;
      visit(shop, () => bookMovement(shop, `first.${sku.sku}.${locationId}`, command));
    }
  }
  const closingMs = endMs - CLOSING_PART * (endMs - time.now());
  let bookings = 0;
  const next = () => {
    if (!shop.isOpen || time.now() >= endMs) return;
    bookings += 1;
    const key = `b${bookings}`;
    const isClosing = time.now() > closingMs;
    visit(shop, () => operateOnce(shop, key, { restock, isClosing }));
    time.after(random.exponential(HOUR_MS / BOOKINGS_PER_HOUR), next);
  };
  time.after(random.exponential(HOUR_MS / BOOKINGS_PER_HOUR), next);
}

function mustBeRight([fault]: readonly string[]): void {
  if (fault !== undefined) throw new Violation(fault);
}

/** Lets everybody finish what they are at, and then everything come to rest. */
async function comeToRest(shop: Shop): Promise<void> {
  const { cluster, client, auditor } = shop;
  shop.isOpen = false;
  cluster.heal();
  const { time } = cluster.world;
  const endMs = time.now() + FINISH_MS;
  while (shop.busy > 0 && time.now() < endMs) await cluster.pass(LEAVING_MS);
  if (shop.busy > 0)
    throw new Violation(`${shop.busy} clients are still waiting, though everything is repaired`);
  visit(shop, () => client.finishAll());
  while (shop.busy > 0) await cluster.pass(LEAVING_MS);
  await cluster.pass(REDRIVE_AFTER_MS);
  for (const { orders } of cluster.spines) orders.redrive();
  await cluster.pass(QUIET_MS);
  mustBeRight([...quietFaults(cluster, auditor.balances), ...regionFaults(shop)]);
  await cluster.pass(SENT_MS);
  mustBeRight(shopSpineFaults(shop));
  visit(shop, () => lookOnceMore(shop));
  while (shop.busy > 0) await cluster.pass(LEAVING_MS);
}

async function runShop(shop: Shop, hours: number): Promise<void> {
  const { cluster } = shop;
  const endMs = cluster.world.time.now() + hours * HOUR_MS;
  cluster.harm();
  startShoppers(shop, endMs);
  startOperator(shop, endMs);
  visit(shop, () => maintainRegions(shop, endMs));
  await cluster.pass(hours * HOUR_MS);
  await comeToRest(shop);
}

/** Runs one seed: some hours in which everything goes wrong, the repair, and the quiet after it. */
export async function runSeed({ hours, ...options }: SeedOptions): Promise<SeedReport> {
  const { seed } = options;
  const shop = planShop(options);
  const { world, plan } = shop.cluster;
  let violation: SeedReport['violation'];
  try {
    await openShop(shop);
    await runShop(shop, hours);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = { what: error.message, atMs: world.time.now() };
  }
  return {
    seed,
    mutant: options.mutant?.name,
    hours,
    mood: plan.mood,
    ...(violation === undefined ? {} : { violation }),
    hash: world.trace.hash,
    requests: shop.client.requests,
    mix: shop.mix,
    counts: world.counts.all(),
    grants: shop.auditor.grants,
    lines: world.trace.lines,
  };
}
