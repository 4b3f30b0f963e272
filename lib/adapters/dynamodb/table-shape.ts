import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { type Connection, createClient } from './client.ts';

/** Regions and indexes of a table, as DynamoDB has them now. */
export interface DescribedShape {
  /** The asked region first. */
  readonly regions: readonly string[];
  readonly indexes: readonly string[];
}

/** @returns `undefined` when the region has no such table. */
export async function describeShape(
  connection: Connection,
  tableName: string,
): Promise<DescribedShape | undefined> {
  try {
    const client = createClient(connection);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    const replicas = (Table?.Replicas ?? []).flatMap(({ RegionName }) => RegionName ?? []);
    return {
      regions: [connection.region, ...replicas.filter((region) => region !== connection.region)],
      indexes: (Table?.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName }) => IndexName ?? []),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
