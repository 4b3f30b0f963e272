import { describe } from 'vitest';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { REGION } from '../support/stored-records.ts';
import { describeStore } from './store-contract.ts';

describe('the simulated store', () => {
  describeStore((region = REGION) => new MemoryStore(region));
});
