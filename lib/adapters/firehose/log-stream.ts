import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { LogEntry, Outlet } from '../../application/ports.ts';
import { createBatchedOutlet, type OnFailure } from '../outlets/batched-outlet.ts';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** `PutRecordBatch` takes 500 records, of 4 MB together; a record of the log is far below its own limit of 1,000 KB. */
const LIMITS = { entries: 500, bytes: 4 * 1_024 * 1_024 };
const RECORD_BYTES_MAX = 1_000 * 1_024;

export interface LogStreamOptions extends OutletConnection {
  readonly streamName: string;
  readonly onFailure: OnFailure;
}

/** The delivery stream of the analytics log: one line of JSON for each entry. */
export function createLogStream({
  streamName,
  onFailure,
  ...connection
}: LogStreamOptions): Outlet<LogEntry> {
  const client = new FirehoseClient(clientSettings(connection));
  return createBatchedOutlet({
    limits: LIMITS,
    onFailure,
    pack: (logged) => {
      const entry = Buffer.from(`${JSON.stringify(logged)}\n`, 'utf8');
      if (entry.byteLength <= RECORD_BYTES_MAX) return { entry, bytes: entry.byteLength };
      throw new Error(`An entry of ${entry.byteLength} bytes is too large: ${RECORD_BYTES_MAX} at most`);
    },
    async deliver(lines) {
      const Records = lines.map((Data) => ({ Data }));
      const command = new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records });
      const { RequestResponses = [] } = await client.send(command);
      return lines.map((_, index) => {
        const { RecordId, ErrorCode } = RequestResponses[index] ?? {};
        return RecordId !== undefined && ErrorCode === undefined ? undefined : (ErrorCode ?? 'No answer');
      });
    },
  });
}
