/** The figures of `docs/limits.md` are those of the configuration. */
import { TIERS } from '../../lib/config/tiers.ts';
import { textOf } from './project-files.ts';

const figure = (value: number): string => value.toLocaleString('en-US');

/** The rows of the table of tiers, as they must stand in the document. */
export const tierRows = (): string[] =>
  Object.entries(TIERS).map(
    ([tier, limits]) => `| \`${tier}\` | ${Object.values(limits).map(figure).join(' | ')} |`,
  );

export const documentedTierRows = (): string[] => {
  const [table = ''] = textOf('docs/limits.md').split('## Requests');
  return table.split('\n').filter((line) => line.startsWith('| `'));
};
