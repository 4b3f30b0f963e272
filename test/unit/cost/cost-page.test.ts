import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costPage } from '../../../lib/cost/cost-page.ts';
import { readPriceList } from '../../../lib/cost/price-list.ts';

describe('docs/cost.md', () => {
  it('has the tables that `npm run cost -- --page` prints', () => {
    const page = readFileSync('docs/cost.md', 'utf8');
    const prices = readPriceList();
    for (const table of costPage(prices)) expect(page).toContain(`\n\n${table}\n`);
    expect(page).toContain(prices.asOf);
  });
});
