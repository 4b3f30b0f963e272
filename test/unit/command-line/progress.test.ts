import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../lib/command-line/progress.ts';

describe('progress where nobody looks', () => {
  it('is a line now and then, and one at the end', () => {
    let nowMs = 0;
    const written: string[] = [];
    const progress = createProgress({ write: (text) => written.push(text) }, () => nowMs);
    progress.start('Orders', 5);
    progress.advance();
    expect(written).toEqual([]);
    nowMs = 10_000;
    progress.advance();
    progress.advance();
    expect(written).toEqual(['Orders: 2 of 5\n']);
    progress.start('Audits', 1);
    progress.advance();
    progress.end();
    progress.end();
    expect(written.slice(1)).toEqual(['Orders: 3 of 5\n', 'Audits: 1 of 1\n']);
  });
});
