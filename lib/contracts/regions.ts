import * as z from 'zod';
import { region } from './identifiers.ts';
import type { OperationContract } from './operation-contract.ts';

const regionInfo = z
  .strictObject({
    region,
    status: z.enum(['active', 'draining', 'drained', 'unreachable', 'retired']).meta({
      description:
        '`draining`: it sells nothing new and gives its units away; `drained`: it has nothing left. `unreachable`: it does not answer. `retired`: it will never return.',
      example: 'active',
    }),
    replicationLagMs: z.int().min(0).meta({
      description: 'How late the region that answers hears of this one, in milliseconds.',
      example: 0,
    }),
  })
  .meta({ id: 'RegionInfo', description: 'A region, as the one that answers sees it.' });

export const listRegionsContract = {
  operationId: 'listRegions',
  summary: 'List the regions of the deployment',
  tag: 'Regions',
  caller: 'tenantOrOperator',
  answers: {
    200: z
      .strictObject({ items: z.array(regionInfo) })
      .meta({ id: 'RegionList', description: 'Every region of the deployment.' }),
  },
  problems: [],
} as const satisfies OperationContract;

const statusInput = z
  .strictObject({})
  .meta({ id: 'RegionStatusInput', description: 'Nothing: the path says it all.' });

/** What every change of a region's status has in common. */
const statusChange = {
  tag: 'Regions',
  caller: 'operator',
  params: z.strictObject({ region }),
  body: statusInput,
  answers: { 200: regionInfo },
} as const;

export const drainRegionContract = {
  operationId: 'drainRegion',
  summary: 'Take a region out of service',
  description:
    'It forwards new holds to the other regions, finishes the open ones, gives its unsold units away and passes on what is released. Again: nothing changes.',
  ...statusChange,
  problems: ['not_found', 'contended'],
} as const satisfies OperationContract;

export const activateRegionContract = {
  operationId: 'activateRegion',
  summary: 'Take a region into service again',
  ...statusChange,
  problems: ['not_found', 'contended'],
} as const satisfies OperationContract;

export const retireRegionContract = {
  operationId: 'retireRegion',
  summary: 'Give up a region that will never return',
  description:
    'Only after its replica was removed from the table: a region that answers is refused. The other regions write off the units that were stranded there and book them in again, within minutes. Its open reservations are lost. Again: nothing changes.',
  ...statusChange,
  problems: ['not_found', 'invalid_transition'],
} as const satisfies OperationContract;
