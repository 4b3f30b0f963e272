import type { StreamRecord } from '../streams/stream-record.ts';

/** A record with what the event tells besides it. */
export interface SourceRecord extends StreamRecord {
  /** By the clock of the stack. */
  readonly createdAtMs: number;
}

interface Source {
  readonly region: string;
  readonly streamArn: string;
}

/** A record as Lambda's event carries it; filters see the same. */
export function eventRecord({ wire, createdAtMs }: SourceRecord, { region, streamArn }: Source): object {
  const { Keys, NewImage, OldImage, SequenceNumber, SizeBytes, StreamViewType } = wire.dynamodb;
  return {
    // AWS writes 32 digits.
    eventID: wire.eventID.replaceAll('-', ''),
    eventName: wire.eventName,
    eventVersion: wire.eventVersion,
    eventSource: wire.eventSource,
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(createdAtMs / 1_000),
      Keys,
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    },
    eventSourceARN: streamArn,
    ...(wire.userIdentity && {
      userIdentity: { principalId: wire.userIdentity.PrincipalId, type: wire.userIdentity.Type },
    }),
  };
}
