import { describe } from 'vitest';
import { MemoryReadModel } from '../../lib/simulation/memory-read-model.ts';
import { describeReadModel } from './read-model-contract.ts';

describe('the simulated read model', () => {
  const model = new MemoryReadModel();
  describeReadModel(() => model);
});
