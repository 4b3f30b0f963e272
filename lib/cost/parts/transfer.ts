import { BYTES_PER_ANSWER } from '../flow.ts';
import type { Item } from '../item.ts';
import { operationsOf, requestsOf, type Workload } from '../workload.ts';
import { databaseUnits } from './database.ts';

const BYTES_PER_GB = 1e9;
/** Of a write unit, which is up to 1 KB; index entries are not sent, each replica makes its own. */
export const BYTES_PER_WRITE_UNIT = 300;

/** Between regions, and out to the callers. */
export function transferItems(workload: Workload): Item[] {
  const part = 'transfer';
  const { regions } = workload;
  const requests = requestsOf(operationsOf(workload));
  const written = (databaseUnits(workload).used.writes / regions) * BYTES_PER_WRITE_UNIT;
  return [
    {
      part,
      what: 'replication',
      price: 'transferBetweenRegionsGb',
      quantity: (written * (regions - 1)) / BYTES_PER_GB,
    },
    { part, what: 'answers', price: 'transferOutGb', quantity: (requests * BYTES_PER_ANSWER) / BYTES_PER_GB },
  ];
}
