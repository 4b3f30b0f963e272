import * as z from 'zod';
import { locationId, region, sku } from './identifiers.ts';
import { SHARE_MAX } from './limits.ts';
import { decimal, units } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';

const regionQuota = z
  .strictObject({
    region,
    available: units.meta({ description: 'Units that this region may still promise.' }),
    promised: units.meta({ description: 'Units that this region has promised and not yet shipped.' }),
    shards: z.int().min(1).meta({ description: 'How many records the quota is kept in.', example: 1 }),
  })
  .meta({ id: 'RegionQuota', description: 'What one region may promise of a location.' });

const locationQuotas = z
  .strictObject({
    locationId,
    homeRegion: region.meta({ description: 'The region that keeps the stock of the location.' }),
    keptBack: units.meta({ description: 'Units kept back from sale.', example: 0 }),
    shortage: units.meta({ description: 'Units promised that a count did not find.', example: 0 }),
    quotas: z.array(regionQuota),
    inTransit: units.meta({ description: 'Units on their way between two regions.', example: 0 }),
  })
  .meta({ id: 'LocationQuotas', description: 'Who may promise the units of a location.' });

export const getQuotasContract = {
  operationId: 'getQuotas',
  summary: 'Read which region may promise the units of a product',
  description: 'Read from the sources in every region; one out of reach: 503.',
  tag: 'Stock',
  caller: 'tenant',
  params: z.strictObject({ sku }),
  answers: {
    200: z
      .strictObject({ sku, items: z.array(locationQuotas) })
      .meta({ id: 'Quotas', description: 'The quotas of a product at each location.' }),
  },
  problems: ['not_found'],
} as const satisfies OperationContract;

const targets = z
  .record(region, decimal(0, SHARE_MAX), {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be an object of shares by region' : undefined),
  })
  .refine((shares) => Object.values(shares).some((share) => share > 0), {
    error: 'must give a share to at least one region',
  })
  .meta({
    description:
      'The share of each region; only the proportions matter. A region that is not named gets none.',
    example: { 'us-east-1': 2, 'eu-west-1': 1 },
  });

export const rebalanceStockContract = {
  operationId: 'rebalanceStock',
  summary: 'Share the units of a product among the regions',
  description:
    'With targets: by these shares, at once. Without: by demand, as the service does by itself. What is in a region out of reach stays where it is.',
  tag: 'Stock',
  caller: 'tenant',
  params: z.strictObject({ sku }),
  body: z
    .strictObject({ targets: targets.optional() })
    .meta({ id: 'RebalanceInput', description: 'How the units shall be shared; nothing named: by demand.' }),
  answers: {
    202: z
      .strictObject({
        sku,
        regions: z.array(region).meta({ description: 'The regions that were asked to give what they can.' }),
      })
      .meta({ id: 'Rebalance', description: 'A rebalancing that was begun.' }),
  },
  problems: ['validation_failed', 'not_found'],
} as const satisfies OperationContract;
