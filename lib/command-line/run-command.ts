import { inspect } from 'node:util';
import { isExpectedFailure } from './expected-failure.ts';

/**
 * Runs a command and ends the process with its exit code. A failure that its user can remedy is one line, any other is
 * a defect and shown with its stack trace; both end with 1.
 *
 * @param run answers with the exit code.
 */
export async function runCommand(run: () => Promise<number>): Promise<never> {
  try {
    process.exit(await run());
  } catch (error) {
    process.stderr.write(`${isExpectedFailure(error) ? error.message : inspect(error)}\n`);
    process.exit(1);
  }
}
