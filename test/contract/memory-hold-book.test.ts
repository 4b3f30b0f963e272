import { describe } from 'vitest';
import { MemoryHoldBook } from '../../lib/simulation/memory-hold-book.ts';
import { describeHoldBook } from './hold-book-contract.ts';

describe('the simulated book of open holds', () => {
  const book = new MemoryHoldBook();
  describeHoldBook(() => book);
});
