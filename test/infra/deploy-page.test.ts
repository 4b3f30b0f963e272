import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../lib/config/functions.ts';
import { resourcesOf, synthesizeAll } from './synthesis.ts';

const page = readFileSync('docs/deploy.md', 'utf8');

/** What makes every stack but that of the pipeline, which stands beside the stage. */
const WITH_ALL_STACKS = {
  stage: 'prod',
  regions: 'us-east-1,eu-west-1',
  domain: 'Z0123456789ABCDEFGHIJ/api.example.com',
  cdn: 'on',
  alarmEmail: 'oncall@example.com',
  monthlyBudgetUsd: '500',
};

/** The rows of the table below a heading, cell by cell. */
function rowsOf(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

describe('docs/deploy.md', () => {
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
    const stacks = synthesizeAll(WITH_ALL_STACKS);
    const named = rowsOf('What is deployed').map(([name = '']) => name.replaceAll('`', ''));
    const kinds = stacks.map(({ id, region }) => `holdfast-<stage>-${id.replace(region, '<region>')}`);
    const expected = [...new Set([...kinds, 'holdfast-<stage>-pipeline'])];
    expect(named.filter((name) => name.startsWith('holdfast-')).toSorted()).toEqual(expected.toSorted());
  });

  it('names every output there is', () => {
    const stacks = synthesizeAll(WITH_ALL_STACKS);
    const outputs = new Set(stacks.flatMap(({ template }) => Object.keys(template.Outputs ?? {})));
    for (const output of outputs) expect(page).toContain(`| \`${output}\` |`);
    for (const stack of stacks) expect(resourcesOf(stack, 'AWS::CloudFormation::Stack')).toEqual([]);
  });
});
