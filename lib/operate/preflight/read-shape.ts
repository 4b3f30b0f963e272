import { UsageError } from '../../command-line/usage-error.ts';
import type { TableShape } from './plan-deployments.ts';

/**
 * The table as it is now.
 *
 * @param describe asks DynamoDB; `undefined` when there is no table.
 * @throws UsageError when DynamoDB does not say: without its answer any advice might be wrong.
 */
export async function readShape(
  describe: () => Promise<TableShape | undefined>,
): Promise<TableShape | undefined> {
  try {
    return await describe();
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new UsageError(
      `DynamoDB does not describe the table (${name}: ${message}). Check your credentials and the first region.`,
      { cause },
    );
  }
}
