import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ParkedChange, Parking } from '../../application/ports.ts';
import { bytesOf, type OnFailure } from '../outlets/batched-outlet.ts';
import type { OutletConnection } from '../outlets/client-settings.ts';
import { createQueueClient } from './queue-client.ts';

/** SQS takes 1 MB with the attributes; both images of the largest items may be more. */
const BODY_BYTES_MAX = 1_000_000;

/** Characters of an attribute: enough to read, and far from any limit. */
const ATTRIBUTE_MAX = 1_024;

export interface ChangeParkingOptions extends OutletConnection {
  /** Address of the dead-letter queue of changes. */
  readonly queueUrl: string;
  readonly onFailure: OnFailure;
}

/** What a queue may refuse in texts: controls, and what takes two units, of which one might be cut off. */
const UNPRINTABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g;

const attribute = (text: string) => ({
  DataType: 'String',
  // An attribute is never empty.
  StringValue: text.replaceAll(UNPRINTABLE, '?').slice(0, ATTRIBUTE_MAX) || '-',
});

/** The record without its images: its key finds the item. */
function withoutImages(record: unknown): unknown {
  const { dynamodb, ...rest } = record as { readonly dynamodb?: object };
  const { NewImage: _, OldImage: __, ...place } = { NewImage: undefined, OldImage: undefined, ...dynamodb };
  return { ...rest, dynamodb: place };
}

/** What a queue may refuse in a body. JSON can say it in other letters, so nothing is lost. */
const ESCAPED = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

const asJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(ESCAPED, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

function bodyOf(record: unknown): string {
  // What was no record when it came from the queue goes back as it was.
  if (typeof record === 'string') return record;
  const body = asJson(record);
  return bytesOf(body) <= BODY_BYTES_MAX ? body : asJson(withoutImages(record));
}

/** Parks changes in a queue: the body is the record as the stream showed it, the attributes say why it is there. */
export function createChangeParking({ queueUrl, onFailure, ...connection }: ChangeParkingOptions): Parking {
  const client = createQueueClient(connection);
  return {
    async park({ record, recordKey, reason }: ParkedChange) {
      try {
        await client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: bodyOf(record),
            MessageAttributes: { reason: attribute(reason), recordKey: attribute(recordKey) },
          }),
        );
        return true;
      } catch (error) {
        onFailure({ count: 1, what: 'call', error });
        return false;
      }
    },
  };
}
