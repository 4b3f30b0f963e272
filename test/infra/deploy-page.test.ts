import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTEXT_NAMES } from '../../lib/config/context.ts';
import { FUNCTIONS } from '../../lib/config/functions.ts';
import { resourcesOf, synthesizeAll } from './synthesis.ts';

const page = readFileSync('docs/deploy.md', 'utf8');

/** The rows of the table below a heading, cell by cell. */
function rowsOf(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

describe('docs/deploy.md', () => {
  it('has a row for every context value, and for nothing else', () => {
    const names = rowsOf('Context values').map(([name = '']) => name.replaceAll('`', ''));
    expect(names.toSorted()).toEqual([...CONTEXT_NAMES].toSorted());
  });

  it('says of every function what it has, and why', () => {
    const expected = Object.entries(FUNCTIONS).map(([name, settings]) => [
      `\`${name}\``,
      String(settings.memoryMiB),
      String(settings.timeoutSeconds),
      String(settings.reservedConcurrency ?? 'none'),
      settings.why,
    ]);
    expect(rowsOf('Functions').toSorted()).toEqual(expected.toSorted());
  });

  it('names every stack there is', () => {
    const stacks = synthesizeAll({ stage: 'prod', regions: 'us-east-1,eu-west-1' });
    const named = rowsOf('What is deployed').map(([name = '']) => name.replaceAll('`', ''));
    const kinds = stacks.map(({ id, region }) => `holdfast-<stage>-${id.replace(region, '<region>')}`);
    expect(named.filter((name) => name.startsWith('holdfast-')).toSorted()).toEqual(
      [...new Set(kinds)].toSorted(),
    );
  });

  it('names every output there is', () => {
    const stacks = synthesizeAll({ stage: 'prod', regions: 'us-east-1,eu-west-1' });
    const outputs = new Set(stacks.flatMap(({ template }) => Object.keys(template.Outputs ?? {})));
    for (const output of outputs) expect(page).toContain(`| \`${output}\` |`);
    for (const stack of stacks) expect(resourcesOf(stack, 'AWS::CloudFormation::Stack')).toEqual([]);
  });
});
