import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartupError } from './startup-error.ts';

/** DynamoDB Local 3 is compiled for this version. */
const MIN_JAVA_VERSION = 17;
const REMEDY = `Install a Java ${MIN_JAVA_VERSION} (or later) runtime and put \`java\` on the PATH, then start again.`;

/** `openjdk version "17.0.15" …` is 17; `java version "1.8.0_391"` is 8; `undefined` when it says nothing. */
export function javaMajorVersion(banner: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(banner);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

let checked: Promise<void> | undefined;

async function check(): Promise<void> {
  const banner = await promisify(execFile)('java', ['-version']).then(
    ({ stderr, stdout }) => stderr + stdout,
    () => undefined,
  );
  if (banner === undefined)
    throw new StartupError(`DynamoDB Local needs Java, and none was found. ${REMEDY}`);
  const version = javaMajorVersion(banner);
  if (version === undefined || version < MIN_JAVA_VERSION) {
    const found = version === undefined ? 'an unknown version' : `version ${version}`;
    throw new StartupError(`DynamoDB Local needs a newer Java than the ${found} found. ${REMEDY}`);
  }
}

/**
 * Checks once per process that a fitting Java is there.
 *
 * @throws StartupError that says what to install.
 */
export function requireJava(): Promise<void> {
  checked ??= check();
  return checked;
}
