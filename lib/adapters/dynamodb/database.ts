import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock, Randomness } from '../../application/ports.ts';
import { asThrown } from './failures.ts';

/** What the parts of the store share. */
export interface Database {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The region of this replica. */
  readonly region: string;
  /** For the waits between attempts. */
  readonly clock: Clock;
  readonly random: Randomness;
}

/**
 * Runs a read.
 *
 * @throws StoreUnavailableError when the database cannot be reached, keeps failing or keeps throttling.
 */
export async function read<Output>(run: () => Promise<Output>): Promise<Output> {
  try {
    return await run();
  } catch (error) {
    throw asThrown(error, 'none');
  }
}
