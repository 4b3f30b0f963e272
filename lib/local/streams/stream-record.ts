/** Attributes as the wire carries them: `{ pk: { S: 'a' } }`. */
export type WireImage = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A record as `GetRecords` answers it. */
export interface WireRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: string;
  readonly eventSource: string;
  /** Who deleted the item, when nobody asked for it: its time to live was over. */
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string };
  readonly dynamodb: {
    readonly Keys: WireImage;
    readonly NewImage?: WireImage;
    readonly OldImage?: WireImage;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** A record of a table's stream, with what its consumers need besides. */
export interface StreamRecord {
  readonly tableName: string;
  /** The shard's oldest known ancestor. What is in order for DynamoDB has the same one. */
  readonly lane: string;
  /** By the machine's clock. DynamoDB Local itself tells the minute only. */
  readonly readAtMs: number;
  readonly wire: WireRecord;
}
