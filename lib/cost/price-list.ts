import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The prices that the model counts with. They change: the file says of which day they are, and where they are from. */
const FILE = new URL('./prices/us-east-1-2026-11.json', import.meta.url);

const price = z.strictObject({
  usd: z.number().nonnegative(),
  /** For how many units that is. */
  per: z.number().positive(),
  unit: z.string().min(1),
  certainty: z.enum(['listed', 'remembered']),
  source: z.url(),
});

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
