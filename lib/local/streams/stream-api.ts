import { callDatabase } from '../database/database-client.ts';
import { mendImage } from './mend-image.ts';
import type { WireRecord } from './stream-record.ts';

/** DynamoDB's own bound, and its default. */
const MAX_RECORDS_PER_READ = 1_000;
/** A stream has a handful of shards; a list that never ends is a defect. */
const MAX_SHARD_PAGES = 100;

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

/** Where reading a shard begins. */
export type ShardStart =
  | { readonly ShardIteratorType: 'TRIM_HORIZON' }
  | { readonly ShardIteratorType: 'AFTER_SEQUENCE_NUMBER'; readonly SequenceNumber: string };

export interface RecordPage {
  readonly Records: readonly WireRecord[];
  /** Missing when the shard is closed and read to its end. */
  readonly NextShardIterator?: string;
}

/** The calls that reading one table's stream needs. */
export interface StreamApi {
  shards(): Promise<readonly Shard[]>;
  iterator(shardId: string, start: ShardStart): Promise<string>;
  records(iterator: string): Promise<RecordPage>;
}

interface StreamPage {
  readonly StreamDescription: {
    readonly Shards: readonly Shard[];
    readonly LastEvaluatedShardId?: string;
  };
}

function mendRecord(record: WireRecord): WireRecord {
  const { NewImage, OldImage } = record.dynamodb;
  const images = {
    ...(NewImage && { NewImage: mendImage(NewImage) }),
    ...(OldImage && { OldImage: mendImage(OldImage) }),
  };
  return { ...record, dynamodb: { ...record.dynamodb, ...images } };
}

async function listShards(endpoint: string, StreamArn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  for (let page = 0; page < MAX_SHARD_PAGES; page++) {
    const input = { StreamArn, ...(from !== undefined && { ExclusiveStartShardId: from }) };
    const { StreamDescription } = await callDatabase<StreamPage>(endpoint, 'DescribeStream', input);
    shards.push(...StreamDescription.Shards);
    from = StreamDescription.LastEvaluatedShardId;
    if (from === undefined) return shards;
  }
  throw new Error(`${StreamArn} has more than ${MAX_SHARD_PAGES} pages of shards.`);
}

/** The stream of a table of one database process. */
export async function openStream(endpoint: string, tableName: string): Promise<StreamApi> {
  const { Table } = await callDatabase<{ Table: { LatestStreamArn?: string } }>(endpoint, 'DescribeTable', {
    TableName: tableName,
  });
  const StreamArn = Table.LatestStreamArn;
  if (StreamArn === undefined) throw new Error(`Table ${tableName} has no stream.`);
  return {
    shards: () => listShards(endpoint, StreamArn),
    iterator: async (ShardId, start) => {
      const input = { StreamArn, ShardId, ...start };
      const answer = await callDatabase<{ ShardIterator: string }>(endpoint, 'GetShardIterator', input);
      return answer.ShardIterator;
    },
    records: async (ShardIterator) => {
      const input = { ShardIterator, Limit: MAX_RECORDS_PER_READ };
      const page = await callDatabase<RecordPage>(endpoint, 'GetRecords', input);
      return { ...page, Records: page.Records.map(mendRecord) };
    },
  };
}
