/** The schemas of what regions tell and give each other. */
import * as z from 'zod';
import type { EntityRecords } from '../../domain/entities.ts';
import { count, id, loose, time, version } from './schema-parts.ts';

const transfer = {
  tenantId: id,
  sku: id,
  locationId: id,
  grantId: id,
  from: id,
  to: id,
  quantity: count,
};

export const grant = loose<EntityRecords['grant']>()({
  ...transfer,
  home: id,
  reason: z.enum(['hold', 'home', 'rebalance', 'drain']),
  grantedAtMs: time,
  checkDueAtMs: time,
});

export const acceptance = loose<EntityRecords['acceptance']>()({
  ...transfer,
  acceptedAtMs: time,
  checkDueAtMs: time,
  absentSinceMs: time.exactOptional(),
});

export const demand = loose<EntityRecords['demand']>()({
  tenantId: id,
  sku: id,
  locationId: id,
  region: id,
  unitsPerHour: z.number(),
  taken: count,
  sampledAtMs: time,
  moved: count,
  windowStartMs: time,
  movedAtMs: time.exactOptional(),
  version,
});

export const regionState = loose<EntityRecords['regionState']>()({
  region: id,
  status: z.enum(['active', 'draining']),
  drainedAtMs: time.exactOptional(),
  walkAfter: id.exactOptional(),
  walkMetUnits: z.boolean().exactOptional(),
  beatAtMs: time,
  version,
});

export const auditWalk = loose<EntityRecords['auditWalk']>()({
  region: id,
  after: id.exactOptional(),
  done: count.exactOptional(),
  startedAtMs: time,
  finishedAtMs: time.exactOptional(),
  version,
});

export const retirement = loose<EntityRecords['retirement']>()({
  region: id,
  by: id,
  retiredAtMs: time,
  recoveredAtMs: time.exactOptional(),
});
