/** What vitest found, for the end of a check: the log of a whole run is long, and its end is what people look at. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import * as z from 'zod';

/** The part of vitest's JSON report that is shown; a file that did not load has a message and no tests. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

type TestFile = z.infer<typeof reportSchema>['testResults'][number];

/** Enough for a message, a difference and the first frames of a stack, and short enough to read many. */
const EXCERPT_LINES = 12;
const EXCERPT_COLUMNS = 200;

/** Options of vitest that make it write a report besides what it prints. */
export const reportingTo = (path: string): readonly string[] => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path}`,
];

/** The beginning of a long message, without the frames of other packages. */
function excerpt(message: string): string {
  return message
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, EXCERPT_LINES)
    .map((line) => `  ${line.slice(0, EXCERPT_COLUMNS)}`)
    .join('\n');
}

function failuresOf({ name, message, assertionResults }: TestFile, root: string): string[] {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [`${file}\n${excerpt(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}\n${excerpt(failureMessages.join('\n'))}`,
  );
}

/**
 * Reads the report at `path` and removes it.
 *
 * @param root names of files are shown as seen from here.
 * @returns each test that failed, with the beginning of why; none when no tests were run, or vitest was killed.
 */
export function takeFailures(path: string, root: string): readonly string[] {
  if (!existsSync(path)) return [];
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  rmSync(path);
  return testResults.filter(({ status }) => status === 'failed').flatMap((file) => failuresOf(file, root));
}
