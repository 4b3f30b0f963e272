import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The prices that the model counts with. They change: the file says of which day they are, and where they are from. */
const FILE = new URL('./prices/us-east-1-2026-11.json', import.meta.url);

const price = z.strictObject({
  usd: z.number().nonnegative(),
  /** For how many units that is. */
  per: z.number().positive(),
  /** What each further unit of a month costs in a region, when there are so many. */
  tiers: z.array(z.strictObject({ from: z.number().positive(), usd: z.number().nonnegative() })).default([]),
  unit: z.string().min(1),
  certainty: z.enum(['listed', 'remembered']),
  source: z.url(),
});

export type Price = z.infer<typeof price>;

const PRICE_NAMES = [
  'restRequest',
  'httpRequest',
  'firewallRequest',
  'firewallMonth',
  'firewallRuleMonth',
  'functionRequest',
  'functionGibSecond',
  'writeUnit',
  'readUnit',
  'tableGbMonth',
  'recoveryGbMonth',
  'backupGbMonth',
  'queueRequest',
  'busEvent',
  'archiveGb',
  'archiveGbMonth',
  'deliveryGb',
  'bucketGbMonth',
  'logGb',
  'logGbMonth',
  'metricMonth',
  'alarmMonth',
  'compositeAlarmMonth',
  'dashboardMonth',
  'trace',
  'keyMonth',
  'keyRequest',
  'secretMonth',
  'transferBetweenRegionsGb',
  'transferOutGb',
] as const;

export type PriceName = (typeof PRICE_NAMES)[number];

const priceListSchema = z.strictObject({
  region: z.string(),
  asOf: z.iso.date(),
  note: z.string(),
  prices: z.record(z.enum(PRICE_NAMES), price),
});

export type PriceList = z.infer<typeof priceListSchema>;

export const readPriceList = (): PriceList => priceListSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));

/** What so many units cost in a month in one region. */
export function usdFor({ usd, per, tiers }: Price, quantity: number): number {
  const steps = [{ from: 0, usd }, ...tiers];
  return steps.reduce((sum, step, index) => {
    const upTo = Math.min(quantity, steps[index + 1]?.from ?? Number.POSITIVE_INFINITY);
    return sum + (Math.max(0, upTo - step.from) * step.usd) / per;
  }, 0);
}
