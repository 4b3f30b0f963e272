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
