/** Messages of SQS, as the port has them and back. */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { MessageAttribute, ReceivedMessage } from '../../operate/dead-letters/queue-port.ts';

function asAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttribute {
  return {
    type: DataType ?? 'String',
    ...(StringValue !== undefined && { text: StringValue }),
    ...(BinaryValue !== undefined && { bytes: BinaryValue }),
  };
}

/** What a message that was received says. */
export function asReceived(message: Message): ReceivedMessage {
  const { MessageId = '', Body = '', ReceiptHandle = '', Attributes = {}, MessageAttributes = {} } = message;
  const first = Attributes.ApproximateFirstReceiveTimestamp;
  return {
    id: MessageId,
    body: Body,
    receipt: ReceiptHandle,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, asAttribute(value)]),
    ),
    sentAtMs: Number(Attributes.SentTimestamp ?? 0),
    receives: Number(Attributes.ApproximateReceiveCount ?? 1),
    ...(first !== undefined && { firstReceivedAtMs: Number(first) }),
  };
}

/** Attributes as a message is sent with them. */
export function toAttributes(
  attributes: ReceivedMessage['attributes'],
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, bytes }]) => [
      name,
      {
        DataType: type,
        ...(text !== undefined && { StringValue: text }),
        ...(bytes !== undefined && { BinaryValue: bytes }),
      },
    ]),
  );
}
