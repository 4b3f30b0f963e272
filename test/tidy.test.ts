/**
 * The house rules that no linter knows. Each finding says what to do about it. What the linter, the compiler
 * and the architecture check hold already is not repeated here.
 */
import { describe, expect, it } from 'vitest';
import {
  accessPatternFaults,
  declaredProblems,
  documentedProblems,
  outcomeCodes,
  rejectionCodes,
} from './tidy/catalogue-rules.ts';
import { bannedConstructs, leftOpen, longFiles, longFunctions, oddNames } from './tidy/code-rules.ts';
import {
  adrFaults,
  brokenLinks,
  changelogFaults,
  chartedTransitions,
  declaredRows,
  declaredTransitions,
  machinePaths,
  missingPaths,
  tabledTransitions,
} from './tidy/document-rules.ts';
import { documentedTierRows, tierRows } from './tidy/limit-rules.ts';
import { textOf } from './tidy/project-files.ts';

const manifest = JSON.parse(textOf('package.json'));

describe('code', () => {
  it('has short files', () => expect(longFiles()).toEqual([]));
  it('has short functions with few parameters', () => expect(longFunctions()).toEqual([]));
  it('takes time, randomness, settings and output from where they belong', () => {
    expect(bannedConstructs()).toEqual([]);
  });
  it('is finished', () => expect(leftOpen()).toEqual([]));
  it('has names in kebab-case that say what is inside', () => expect(oddNames()).toEqual([]));
});

describe('documents', () => {
  it('link to what is there', () => expect(brokenLinks()).toEqual([]));
  it('name files that are there, and so do comments', () => expect(missingPaths()).toEqual([]));
  it('name no path of one machine', () => expect(machinePaths()).toEqual([]));
  it('list every decision record, and each has its parts', () => expect(adrFaults()).toEqual([]));
  it('say in the changelog what the next release brings', () => {
    expect(changelogFaults(manifest.version)).toEqual([]);
  });
});

describe('what stands in code and document', () => {
  it('is the same state machine, as a chart', () => {
    const { reserve, ...charted } = chartedTransitions();
    expect(charted).toEqual(declaredTransitions());
    expect(reserve).toBeUndefined();
  });
  it('is the same state machine, as a table', () => expect(tabledTransitions()).toEqual(declaredRows()));
  it('is the same catalogue of errors, in order of precedence', () => {
    expect(documentedProblems()).toEqual(declaredProblems());
    expect(rejectionCodes()).toEqual(outcomeCodes());
  });
  it('is the same table of tiers', () => expect(documentedTierRows()).toEqual(tierRows()));
  it('is the same list of access patterns', () => expect(accessPatternFaults()).toEqual([]));
});

describe('dependencies', () => {
  it('are pinned to one version each', () => {
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    const ranges = Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)));
    expect(ranges.map(([name, version]) => `${name} ${version}: write the exact version`)).toEqual([]);
  });
  it('come from whatever registry the reader uses: the lock file names none', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });
});
