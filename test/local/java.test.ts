import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { javaMajorVersion } from '../../lib/local/java.ts';

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_391"', 8],
  ['command not found', undefined],
])('reads the version of Java from %j', (banner, version) => {
  expect(javaMajorVersion(banner)).toBe(version);
});

// With -Xrs alone, which the wrapper passes first, two writes of the last transaction were lost in 3 of 5 runs.
it.each([
  ['an orderly end on SIGTERM', / ReduceSignalUsage += false /],
  ['a bounded heap', / MaxHeapSize += 268435456 /],
])('gives Java options for %s', async (_, flag) => {
  const args = ['-Xrs', '@lib/local/dynamodb-local.javaopts', '-XX:+PrintFlagsFinal', '-version'];
  const { stdout } = await promisify(execFile)('java', args);
  expect(stdout).toMatch(flag);
});
