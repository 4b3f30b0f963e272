import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueSourceDefinition } from '../template/queue-sources.ts';

function eventAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): object {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** A message as Lambda's event carries it. */
export function messageRecord(
  message: Message,
  { queueArn, function: target }: QueueSourceDefinition,
): object {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(attributes.map(([name, value]) => [name, eventAttribute(value)])),
    ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: target.region,
  };
}

/** What filters see of a message: its body, parsed where it is an object in JSON. */
export function filteredMessage({ Body = '' }: Message): { readonly body: unknown } {
  try {
    const parsed: unknown = JSON.parse(Body);
    return { body: typeof parsed === 'object' && parsed !== null ? parsed : Body };
  } catch {
    return { body: Body };
  }
}
