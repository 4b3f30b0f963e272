import { describe } from 'vitest';
import { MemoryRateBuckets } from '../../lib/simulation/memory-rate-buckets.ts';
import { describeRateBuckets } from './rate-buckets-contract.ts';

describe('the simulated buckets of a region', () => {
  const buckets = new MemoryRateBuckets();
  describeRateBuckets(() => buckets);
});
