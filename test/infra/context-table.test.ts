import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONTEXT_NAMES } from '../../lib/config/context.ts';

it('every context value has a row in the table of docs/deploy.md, and no row is left over', () => {
  const table = readFileSync('docs/deploy.md', 'utf8').split('## Context values')[1]?.split('\n## ')[0] ?? '';
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.toSorted()).toEqual(CONTEXT_NAMES.toSorted());
});
